// A host that fails on purpose, for tests of moves: the command mvm, with a fault at one message of a move.
// MVM_FAULT is "MESSAGE before|after FAULT", where FAULT is "kill" (this process), "kill PID", "cut" or "delay MS".
// What this process sends after the message meets the fault as well: a fault is the last thing that it does.

import { setTap, streamOf } from "../hosts/node/link.js";
import type { Link } from "../vm/hosting/link.js";
import { main } from "../hosts/node/cli.js";
import { stopProcess } from "../hosts/node/stop.js";

const [message, when, fault, number] = (process.env["MVM_FAULT"] ?? "").split(" ");
/** Long enough for what was written to reach the other process. */
const FLUSH = 150;
let struck = false;
let silent: Link | undefined;

/** What happens to the other process, or to bytes, has to happen before the message is on its way, or it comes too late. */
const early = when === "before" || fault === "delay" || number !== undefined;

function strike(link: Link): boolean {
  struck = true;
  if (fault === "kill" && number !== undefined) process.kill(Number(number), "SIGKILL");
  process.stderr.write(`fault: ${process.env["MVM_FAULT"]}\n`);
  if (fault === "kill" && number !== undefined) return true;
  if (fault === "delay") {
    streamOf(link).cork();
    setTimeout(() => streamOf(link).uncork(), Number(number));
    return true;
  }
  const end = (): void => {
    if (fault === "kill") process.kill(process.pid, "SIGKILL");
    streamOf(link).destroy();
  };
  silent = link;
  if (when === "before") {
    end();
  } else {
    streamOf(link).pause();
    setTimeout(end, FLUSH);
  }
  return false;
}

setTap((name, moment, link) => {
  if (link === silent) return false;
  if (struck || link.place === "a command" || name !== message) return true;
  if (moment === "before") return early ? strike(link) : true;
  if (!early) strike(link);
  return true;
});
process.on("uncaughtException", stopProcess);
main(process.argv).catch(stopProcess);
