// How far a move is, for people: a bar on a terminal, lines elsewhere, always on stderr. No colours, so NO_COLOR needs none
// taken away.

export interface ProgressReport {
  update(phase: string, sent: number, bytes: number): void;
  stop(): void;
}

export async function openProgress(name: string): Promise<ProgressReport> {
  if (!process.stderr.isTTY) {
    let last = "";
    return {
      update: (phase) => {
        if (phase !== last) process.stderr.write(`mvm: ${name}: ${phase}\n`);
        last = phase;
      },
      stop: () => {},
    };
  }
  const { SingleBar } = (await import("cli-progress")).default;
  const bar = new SingleBar({ format: `${name} {bar} {phase} {value}/{total} bytes`, stream: process.stderr, hideCursor: true, clearOnComplete: true, barCompleteChar: "#", barIncompleteChar: "-" });
  bar.start(1, 0, { phase: "connecting" });
  return {
    update: (phase, sent, bytes) => {
      if (bytes > 0) bar.setTotal(bytes);
      bar.update(sent, { phase });
    },
    stop: () => bar.stop(),
  };
}
