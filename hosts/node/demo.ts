// `npm run demo`: the whole idea in fifteen seconds, with the real commands as child processes: a host is started, a
// program is run here, moved there while it runs, and goes on.

import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const mvm = fileURLToPath(new URL("./mvm.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "mvm-demo-"));
const env = { ...process.env, MVM_HOME: join(folder, "home"), NO_COLOR: "1" };
const port = 20000 + process.pid % 20000;
const program = join(folder, "counter.js");
writeFileSync(program, `
function* names() { for (let i = 0; ; i++) yield "reading " + i; }
const name = names(), history = [];
const timer = setInterval(() => {
  history.push(Math.round(100 * Math.sin(history.length / 3)));
  console.log(name.next().value, "last", history.at(-1), "sum", history.reduce((a, b) => a + b));
  if (history.length === 16) { clearInterval(timer); console.log("done:", history.join(" ")); }
}, 400);
`);

function start(label: string, ...commandLine: string[]): ChildProcess {
  console.log(`$ mvm ${commandLine.join(" ")}`);
  const child = spawn(process.execPath, [mvm, ...commandLine], { env, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) {
    stream!.setEncoding("utf8");
    stream!.on("data", (text: string) => {
      for (const line of text.split("\n")) if (line !== "") console.log(`${label.padEnd(9)}${line}`);
    });
  }
  return child;
}
function ended(child: ChildProcess): Promise<number> { return new Promise((resolve) => { child.on("close", (code) => resolve(code ?? 1)); }); }
function seconds(n: number): Promise<void> { return new Promise((resolve) => { setTimeout(resolve, n * 1000); }); }

const host = start("  there |", "serve", "--listen", `127.0.0.1:${port}`);
await seconds(2);
// Whoever is left may end before the command that moved the program does.
const left = ended(start("  here  |", "run", program));
await seconds(3.5);
const moved = await ended(start("  move  |", "migrate", "counter", "--to", `127.0.0.1:${port}`));
await left;
await seconds(6);
host.kill("SIGTERM");
await ended(host);
if (moved !== 0) process.exitCode = moved;
