// How long this process waits for another host, in milliseconds: PATIENCE, or what MVM_PATIENCE says in seconds.

import { PATIENCE } from "../../vm/ownership.js";
import { Exit, Trouble } from "./trouble.js";

function read(): number {
  const text = process.env["MVM_PATIENCE"];
  if (text === undefined || text === "") return PATIENCE;
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 3600)) throw new Trouble(Exit.USAGE, `MVM_PATIENCE is '${text}'`, "give seconds, up to 3600");
  return seconds * 1000;
}
export const patience = read();
