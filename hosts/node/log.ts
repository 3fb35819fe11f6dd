// The last of what a program printed on this host, for `mvm logs`: bounded, so that a program that prints for years costs
// no more than one that prints for a minute. Lines of both outputs, in order.

/** Characters that are kept. */
const LOG_MAX = 65536;

export class Log {
  private text = "";

  add(text: string): void {
    this.text += text.length > LOG_MAX ? text.slice(-LOG_MAX) : text;
    // Half goes at once, so that not every line costs a copy.
    if (this.text.length > 2 * LOG_MAX) this.text = this.text.slice(this.text.indexOf("\n", this.text.length - LOG_MAX) + 1 || -LOG_MAX);
  }
  /** The last lines, at most so many. */
  last(lines = Infinity): string {
    if (lines < 1) return "";
    let from = this.text.length;
    // A line that has no end yet is one too.
    for (let count = 0; from > 0; ) {
      const end = from < 2 ? -1 : this.text.lastIndexOf("\n", from - 2);
      from = end + 1;
      if (++count >= lines) break;
    }
    return this.text.slice(from);
  }
}
