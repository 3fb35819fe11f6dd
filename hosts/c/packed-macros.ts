// Sequences of packed instructions that occur often become instructions of one byte, as many as there are opcodes left: a
// macro stands for the two tokens that save most, tokens being instructions, calls and macros found before. A macro's
// body lies in the packed code like a function's; where it ends, the machine goes on behind the macro. So a call can only be
// the last of it, since what is called has macros of its own, and jumps are not in any.

import { OPERAND_BYTES, type Item } from "./packed-function.js";

type Token = Extract<Item, { kind: "bytes" | "call" }>;
export interface Macros { readonly bodies: readonly (readonly Token[])[] }

/** What a macro takes besides its body: its place in a table, and its end. */
const PLACE_BYTES = 2, END_BYTES = 1;
/** Tokens are numbered below this. */
const TOKENS = 1 << 20;

/** Puts macros, at most `most`, into the items of functions. `size` says how long an item is, `ends` whether nothing goes on behind it. */
export function findMacros(functions: readonly { items: Item[] }[], most: number, size: (item: Item) => number, ends: (token: Token) => boolean): Macros {
  const numbers = new Map<string, number>(), callees = new Map<unknown, number>();
  const tokens: Token[] = [], lengths: number[] = [], flat: (readonly number[])[] = [];
  const numberOf = (token: Token): number => {
    let key: string;
    if (token.kind === "bytes") key = token.bytes.join();
    else {
      if (!callees.has(token.callee)) callees.set(token.callee, callees.size);
      key = `call ${callees.get(token.callee)!} ${token.tail}`;
    }
    let number = numbers.get(key);
    if (number === undefined) {
      number = tokens.push(token) - 1;
      numbers.set(key, number);
      lengths.push(size(token));
      flat.push([number]);
    }
    return number;
  };
  const last = (number: number): Token => tokens[flat[number]!.at(-1)!]!;
  /** May something stand behind it in a macro? */
  const isOpen = (number: number): boolean => last(number).kind === "bytes" && !ends(last(number));
  const bodyBytes = (number: number): number => flat[number]!.reduce((sum, each) => sum + lengths[each]!, 0);

  // Runs of tokens: by number of a token, or -1 where something else stands.
  const runs = functions.map(({ items }) => items.flatMap((item) => item.kind === "bytes" ? instructions(item).map(numberOf) : item.kind === "call" ? [numberOf(item)] : [-1]));
  const macros: number[] = [];
  while (macros.length < most) {
    const counts = new Map<number, number>();
    for (const run of runs) {
      for (let i = 0; i + 1 < run.length; i++) {
        const [a, b] = [run[i]!, run[i + 1]!];
        if (a < 0 || b < 0 || !isOpen(a)) continue;
        counts.set(a * TOKENS + b, (counts.get(a * TOKENS + b) ?? 0) + 1);
        // Three alike are one pair.
        if (a === b && run[i + 2] === b) i++;
      }
    }
    let best = -1, saved = 0;
    for (const [pair, count] of counts) {
      const a = Math.floor(pair / TOKENS), b = pair % TOKENS;
      const gain = count * (lengths[a]! + lengths[b]! - 1) - bodyBytes(a) - bodyBytes(b) - PLACE_BYTES - (ends(last(b)) ? 0 : END_BYTES);
      if (gain > saved) [best, saved] = [pair, gain];
    }
    if (best < 0) break;
    const a = Math.floor(best / TOKENS), b = best % TOKENS;
    const number = flat.push([...flat[a]!, ...flat[b]!]) - 1;
    lengths.push(1);
    // A place holder: a macro is never asked for as a token.
    tokens.push(tokens[a]!);
    macros.push(number);
    for (const run of runs) for (let i = 0; i + 1 < run.length; i++) if (run[i] === a && run[i + 1] === b) run.splice(i, 2, number);
  }

  const macroOf = new Map(macros.map((number, i) => [number, i]));
  functions.forEach((each, i) => {
    const others = each.items.filter(({ kind }) => kind !== "bytes" && kind !== "call");
    each.items.splice(0, each.items.length, ...runs[i]!.map((number): Item => number < 0 ? others.shift()! : macroOf.has(number) ? { kind: "macro", number: macroOf.get(number)! } : tokens[number]!));
  });
  return { bodies: macros.map((number) => flat[number]!.map((each) => tokens[each]!)) };
}

/** The single instructions of a run of bytes. */
function instructions({ bytes }: Extract<Item, { kind: "bytes" }>): Token[] {
  const list: Token[] = [];
  for (let at = 0; at < bytes.length;) {
    const next = at + 1 + OPERAND_BYTES[bytes[at]!]!;
    list.push({ kind: "bytes", bytes: bytes.slice(at, next), last: 0 });
    at = next;
  }
  return list;
}
