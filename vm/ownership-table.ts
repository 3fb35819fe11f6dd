// What becomes of a program when something fails while it moves: one row for each message of a move and each fault
// before or after it. `before`: the sender was about to send it; `after`: it was on its way, complete, and the receiver, if
// alive, gets it. The columns say what is so when everything that can still be done without a person has been done.
// Tests compute the table from the state machines of ownership.ts and compare, and break real moves at every row.

import type { SourcePhase, TargetPhase } from "./ownership.js";

export const moveMessages = ["HELLO", "OFFER", "ACCEPT", "CHUNK", "END", "CUT", "READY", "COMMIT", "COMMITTED", "RELEASE"] as const;
export const moveFaults = ["source killed", "target killed", "connection cut", "delayed"] as const;

/** Who may run the program. `doubt (x)`: nobody runs it until a person says `mvm recover` at x, which keeps its image. */
export type Ownership = "source" | "target" | "doubt (source)" | "doubt (target)" | "lost with the source" | "lost with the target";

export interface FaultRow {
  readonly message: (typeof moveMessages)[number];
  readonly when: "before" | "after";
  readonly fault: (typeof moveFaults)[number];
  readonly source: SourcePhase | "dead";
  readonly target: TargetPhase | "none" | "dead";
  readonly owner: Ownership;
}

// Per fault: the source's phase, the target's phase, who owns the program.
// message          | source killed                      | target killed               | connection cut         | delayed beyond patience
const rows = `
HELLO before     | dead none lost with the source     | owner dead source           | owner none source      | left owner target
HELLO after      | dead none lost with the source     | owner dead source           | owner none source      | left owner target
OFFER before     | dead none lost with the source     | owner dead source           | owner none source      | owner discarded source
OFFER after      | dead discarded lost with the source | owner dead source           | owner discarded source | owner discarded source
ACCEPT before    | dead discarded lost with the source | owner dead source           | owner discarded source | owner discarded source
ACCEPT after     | dead discarded lost with the source | owner dead source           | owner discarded source | owner discarded source
CHUNK before     | dead discarded lost with the source | owner dead source           | owner discarded source | owner discarded source
CHUNK after      | dead discarded lost with the source | owner dead source           | owner discarded source | owner discarded source
END before       | dead discarded lost with the source | owner dead source           | owner discarded source | owner discarded source
END after        | dead discarded lost with the source | owner dead source           | owner discarded source | owner discarded source
CUT before       | dead discarded lost with the source | owner dead source           | owner discarded source | owner discarded source
CUT after        | dead ready doubt (target)          | owner dead source           | owner discarded source | owner discarded source
READY before     | dead ready doubt (target)          | owner dead source           | owner discarded source | owner discarded source
READY after      | dead ready doubt (target)          | granted dead doubt (source) | left owner target      | owner discarded source
COMMIT before    | dead ready doubt (target)          | granted dead doubt (source) | left owner target      | left owner target
COMMIT after     | dead owner target                  | granted dead doubt (source) | left owner target      | left owner target
COMMITTED before | dead owner target                  | granted dead doubt (source) | left owner target      | left owner target
COMMITTED after  | dead owner target                  | left dead lost with the target | left owner target      | left owner target
RELEASE before   | dead owner target                  | left dead lost with the target | left owner target      | left owner target
RELEASE after    | dead owner target                  | left dead lost with the target | left owner target      | left owner target
`;

export const faultTable: readonly FaultRow[] = rows.trim().split("\n").flatMap((line) => {
  const [head = "", ...cells] = line.split("|").map((cell) => cell.trim());
  const [message, when] = head.split(" ");
  return cells.map((cell, index) => {
    const [source, target, ...owner] = cell.split(" ");
    return { message, when, fault: moveFaults[index], source, target, owner: owner.join(" ") } as FaultRow;
  });
});
