// The commands of mvm, their options and their help. Results go to stdout, everything else to stderr; `--json` prints the
// results as one JSON value. What a command does is in run.ts, daemon.ts and commands.ts; this file only reads arguments
// and writes answers.

import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { Found } from "./commands.js";
import type { IoChoice } from "../../vm/hosting/io-choice.js";
import type { IoMove } from "../../vm/hosting/io-keep.js";
import { Exit, exitCodesHelp, Trouble } from "./trouble.js";

const print = (text: string): void => { process.stdout.write(`${text}\n`); };
const printJson = (value: unknown): void => print(JSON.stringify(value));

function size(text: string): number {
  const [, digits, unit = ""] = /^(\d+(?:\.\d+)?)([kKmMgG]?)$/.exec(text) ?? [];
  const bytes = Number(digits) * ({ k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[unit.toLowerCase()] ?? 1);
  if (digits === undefined || bytes < 2048 || bytes > 2 ** 31) throw new InvalidArgumentError("give bytes, or a number with K, M or G: from 2K to 2G");
  return bytes;
}
function count(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) < 1 || !Number.isSafeInteger(Number(text))) throw new InvalidArgumentError("give a whole number from 1 on");
  return Number(text);
}

const examples = (...lines: string[]): string => `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}`;
const json = (): Option => new Option("--json", "print the result as JSON");
const on = (): Option => new Option("--at, --on <host:port>", "ask the host there, of whatever kind (a board: serial:PORT), not the programs of this user on this machine");
const io = (): Option => new Option("--io <kind>", "pins and buses for programs that import embedded:io/…: mock (in memory only) or none").choices(["mock", "none"]).default("mock");

function commands(): Command {
  const mvm = new Command("mvm")
    .description("A micro virtual machine for JavaScript whose running programs are plain data: stop anywhere, ship, go on elsewhere.")
    .version("0.1.0")
    .addHelpText("after", `${examples("mvm run app.js", "mvm serve --listen 127.0.0.1:7070", "mvm migrate app --to 127.0.0.1:7070")}\n\n${exitCodesHelp}`);

  mvm.command("run").argument("<file>", ".js, .mjs, .cjs or .ts source, or .mvm image (goes on where it stopped)").argument("[arguments...]", "for the program, behind --")
    .description("run a program; it can be paused, inspected and moved meanwhile")
    .option("--name <name>", "what other commands call it (default: the file's name)")
    .option("--memory <size>", "memory that it may take (default 64M)", size)
    .option("--fuel <steps>", "steps that it may run in all", count)
    .addOption(io())
    .addHelpText("after", examples("mvm run app.js", "mvm run app.ts --name sensor --memory 8M -- --verbose", "mvm run frozen.mvm"))
    .action(async (file: string, list: string[], options: { name?: string; memory?: number; fuel?: number; io: IoChoice }) => {
      const { run } = await import("./run.js");
      await run(file, { ...options, programArguments: list });
    });

  mvm.command("build").argument("<file>", "source")
    .description("compile a program into an image, not started")
    .option("-o, --output <file>", "where to (default: the source's name with .mvm)")
    .option("--memory <size>", "memory that it may take (default 64M)", size)
    .option("--no-debug", "leave out names and line tables")
    .option("--c", "write the image as an array in C, for a firmware to include (default: the source's name with .h)")
    .addOption(json())
    .addHelpText("after", examples("mvm build app.js -o app.mvm", "mvm build app.js --no-debug --memory 128K -o small.mvm", "mvm build app.js --no-debug --memory 8K --c -o app.h"))
    .action(async (file: string, options: { output?: string; memory?: number; debug: boolean; c?: boolean; json?: boolean }) => {
      const [{ arrayInC, buildImage }, { nameOf, writeBytes }] = await Promise.all([import("./build.js"), import("./files.js")]);
      const path = options.output ?? `${nameOf(file)}.${options.c ? "h" : "mvm"}`;
      const bytes = await buildImage(file, options);
      writeBytes(path, options.c ? Buffer.from(arrayInC(nameOf(path), bytes)) : bytes);
      if (options.json) printJson({ file: path, bytes: bytes.length });
      else print(`${path}: ${bytes.length} bytes`);
    });

  mvm.command("ps").description("list the running programs of this user on this machine")
    .addOption(json()).addOption(on())
    .addHelpText("after", examples("mvm ps", "mvm ps --json", "mvm ps --on 192.168.0.7:7070"))
    .action(async (options: { json?: boolean; on?: string }) => {
      const { idOf, listPrograms } = await import("./commands.js");
      const all = await listPrograms(options.on);
      if (options.json) return printJson(all.map((one) => ({ ...one, program: idOf(one) })));
      print(table([
        ["NAME", "ID", "STATUS", "STEPS", "MEMORY", "TIME", "PROCESS", "HOST", ""],
        ...all.map((one) => [one.name, idOf(one).slice(0, 8), one.status, String(one.steps), `${Math.ceil(one.memory / 1024)}K/${Math.floor(one.limit / 1024)}K`, `${(one.time / 1000).toFixed(1)}s`, String(one.pid), one.host, one.moved ?? ""]),
      ]));
    });

  const simple = (name: "pause" | "resume", doc: string): void => {
    mvm.command(name).argument("<name>", "the program's name, or the beginning of its id").description(doc)
      .addOption(json()).addOption(on())
      .addHelpText("after", examples(`mvm ${name} app`, `mvm ${name} app --on 192.168.0.7:7070`))
      .action(async (program: string, options: { json?: boolean; on?: string }) => {
        const { ask, whichOf, withProgram } = await import("./commands.js");
        await withProgram(program, options.on, async (found) => {
          const { text } = await ask(found, name === "pause" ? "PAUSE" : "RESUME", { which: whichOf(found) });
          if (options.json) printJson({ name: found.facts.name, text });
          else print(text);
        });
      });
  };
  simple("pause", "stop a program between two instructions, and its time with it");
  simple("resume", "let a paused program run on");

  mvm.command("stop").argument("<name>", "the program's name, or the beginning of its id").description("end a program (or the move that it is on)")
    .option("--force", "even if its image here may be the only one").addOption(json()).addOption(on())
    .addHelpText("after", examples("mvm stop app", "mvm stop app --on 192.168.0.7:7070"))
    .action(async (program: string, options: { force?: boolean; json?: boolean; on?: string }) => {
      const { ask, whichOf, withProgram } = await import("./commands.js");
      await withProgram(program, options.on, async (found) => {
        const { text } = await ask(found, "STOP", { which: whichOf(found), ...options.force && { force: true } });
        if (options.json) printJson({ name: found.facts.name, text });
        else print(text);
      });
    });

  mvm.command("snapshot").argument("<name>", "the program's name, or the beginning of its id").description("write an image of a running program, which goes on")
    .option("-o, --output <file>", "where to (default: the program's name with .mvm)")
    .option("--no-debug", "leave out names and line tables").addOption(json()).addOption(on())
    .addHelpText("after", examples("mvm snapshot app -o checkpoint.mvm", "mvm run checkpoint.mvm", "mvm snapshot app --on 192.168.0.7:7070"))
    .action(async (program: string, options: { output?: string; debug: boolean; json?: boolean; on?: string }) => {
      const [{ askBytes, whichOf, withProgram }, { writeBytes }] = await Promise.all([import("./commands.js"), import("./files.js")]);
      await withProgram(program, options.on, async (found) => {
        const bytes = await askBytes(found, "SNAPSHOT", { which: whichOf(found), debug: options.debug });
        const path = options.output ?? `${found.facts.name}.mvm`;
        writeBytes(path, bytes);
        if (options.json) printJson({ name: found.facts.name, file: path, bytes: bytes.length });
        else print(`${path}: ${bytes.length} bytes`);
      });
    });

  mvm.command("inspect").argument("<image-or-name>", "an image, or the name of a running program").description("show what a program is doing: its calls with local values, what it waits for, its memory")
    .addOption(json()).addOption(on())
    .addHelpText("after", examples("mvm inspect checkpoint.mvm", "mvm inspect app --json", "mvm inspect app --on 192.168.0.7:7070"))
    .action(async (which: string, options: { json?: boolean; on?: string }) => {
      const { isImage } = await import("./load-program.js");
      if (isImage(which) && options.on === undefined) {
        const { inspectFile } = await import("./inspect.js");
        process.stdout.write(await inspectFile(which, options.json === true));
        return;
      }
      const { inspectProgram, withProgram } = await import("./commands.js");
      await withProgram(which, options.on, async (found) => {
        process.stdout.write(await inspectProgram(found, options.json === true));
      });
    });

  mvm.command("logs").argument("<name>", "the program's name, or the beginning of its id").description("print the last lines that a program printed on the host where it is, as far as that keeps them")
    .option("--lines <number>", "how many at most (default: all that are kept)", count)
    .addOption(json()).addOption(on())
    .addHelpText("after", examples("mvm logs app", "mvm logs app --lines 20 --on 192.168.0.7:7070", "mvm logs app --json"))
    .action(async (program: string, options: { lines?: number; json?: boolean; on?: string }) => {
      const { askBytes, whichOf, withProgram } = await import("./commands.js");
      await withProgram(program, options.on, async (found) => {
        const text = Buffer.from(await askBytes(found, "LOGS", { which: whichOf(found), ...options.lines !== undefined && { lines: Math.min(options.lines, 0xffffffff) } })).toString("utf8");
        if (options.json) printJson({ name: found.facts.name, lines: text === "" ? [] : text.replace(/\n$/, "").split("\n") });
        else process.stdout.write(text);
      });
    });

  mvm.command("disassemble").argument("<file>", "source or image").description("show the bytecode of a program")
    .addHelpText("after", examples("mvm disassemble app.js", "mvm disassemble app.mvm"))
    .action(async (file: string) => {
      const { disassembleFile } = await import("./build.js");
      process.stdout.write(await disassembleFile(file));
    });

  mvm.command("serve").description("be a host that takes programs in; what they print goes to stdout as `NAME| text`")
    .option("--listen <host:port>", "where to listen for other hosts", "127.0.0.1:7070")
    .option("--max-memory <size>", "memory that one program may have (default 1G)", size)
    .option("--max-programs <number>", "how many programs may be here at once", count, 64)
    .addOption(io())
    .addHelpText("after", `${examples("mvm serve", "mvm serve --listen 0.0.0.0:7070 --max-memory 64M")}\n\nOther machines need this user's key: \`mvm key show\` here, \`mvm key import\` there.`)
    .action(async (options: { listen: string; maxMemory?: number; maxPrograms: number; io: IoChoice }) => {
      const [{ serve }, { parseAddress }, { MEMORY_MAX }] = await Promise.all([import("./daemon.js"), import("./transport.js"), import("./load-program.js")]);
      await serve({ listen: parseAddress(options.listen), memoryMax: options.maxMemory ?? MEMORY_MAX, programsMax: options.maxPrograms, io: options.io });
    });

  mvm.command("migrate").argument("[name]", "the program's name, or the beginning of its id; not needed if only one runs here", "")
    .description("move a running program to another host")
    .requiredOption("--to <host:port>", "the host that takes it, where `mvm serve` listens; a board: serial:/dev/ttyUSB0, or serial:host:port behind TCP")
    .addOption(new Option("--io <how>", "what becomes of pins and buses that it has open: reopen them there, or proxy: they stay here, and it uses them from there").choices(["reopen", "proxy"]).default("reopen"))
    .option("--dry-run", "only ask whether it would be taken, and what would become of its pins: the program runs on here").addOption(json()).addOption(on())
    .addHelpText("after", `${examples("mvm migrate --to 127.0.0.1:7070", "mvm migrate app --to 192.168.0.7:7070 --json", "mvm migrate app --to 192.168.0.7:7070 --dry-run", "mvm migrate app --to 192.168.0.7:7070 --io proxy", "mvm migrate app --on 192.168.0.7:7070 --to 192.168.0.8:7070", "mvm migrate app --to serial:/dev/ttyUSB0?baud=115200")}\n\nUntil the target has the program's ownership, whatever fails leaves the program running where it is.`)
    .action(async (name: string, options: MigrateOptions & { dryRun?: boolean }) => {
      const [{ ask, idOf, whichOf, withProgram }, { openProgress }, { parseAddress }] = await Promise.all([import("./commands.js"), import("./progress.js"), import("./transport.js")]);
      parseAddress(options.to);
      // From a board it goes there through this process.
      if (options.on !== undefined) (await import("./byte-link.js")).lend(options.to);
      await withProgram(name, options.on, async (found) => {
        if (options.dryRun === true) return dryRun(found, options);
        const progress = await openProgress(found.facts.name);
        try {
          const done = await ask(found, "MIGRATE", { which: whichOf(found), ...journeyOf(options) }, ({ fields }) => progress.update(fields.phase, fields.sent, fields.bytes));
          progress.stop();
          const downtime = (done.downtime ?? 0) / 1000;
          if (options.json) printJson({ name: done.name, program: idOf(found.facts), to: done.to, bytes: done.bytes, downtimeMs: downtime });
          else print(`${found.facts.name} runs at ${done.to}${done.name === found.facts.name ? "" : ` as ${done.name}`}: ${done.bytes} bytes, ${downtime.toFixed(1)} ms of downtime`);
        } finally {
          progress.stop();
        }
      });
    });

  mvm.command("recover").argument("<name>", "the program's name, or the beginning of its id").description("run a program here whose other host is lost")
    .option("--force", "say that you know the other host will not run it").addOption(json()).addOption(on())
    .addHelpText("after", `${examples("mvm recover app --force")}\n\nA program is in doubt when its move was past the point of no return and the other host has not answered\nsince. Recovering it while the other host lives would make it run twice.`)
    .action(async (name: string, options: { force?: boolean; json?: boolean; on?: string }) => {
      const { ask, whichOf, withProgram } = await import("./commands.js");
      await withProgram(name, options.on, async (found) => {
        if (!options.force) throw new Trouble(Exit.USAGE, `if the other host (${found.facts.moved ?? "?"}) lives, ${found.facts.name} would run twice`, "if it is lost, say so with --force");
        const { text } = await ask(found, "RECOVER", { which: whichOf(found) });
        if (options.json) printJson({ name: found.facts.name, text });
        else print(text);
      });
    });

  const key = mvm.command("key").description("the keys that hosts know each other by");
  key.command("show").description("print this user's key, to be imported on another machine").addOption(json())
    .addHelpText("after", examples("mvm key show", "mvm key show | ssh other mvm key import -"))
    .action(async (options: { json?: boolean }) => {
      const { keyPath, readKeys } = await import("./keys.js");
      const keys = readKeys();
      if (options.json) printJson({ key: keys[0]!.key.toString("hex"), id: keys[0]!.id, file: keyPath(), peers: keys.slice(1).map(({ id, scopes, name }) => ({ id, scopes, name })) });
      else print(keys[0]!.key.toString("hex"));
    });
  key.command("import").argument("<key>", "what `mvm key show` printed there, or - to read it from stdin").description("know another user's or machine's key")
    .option("--scopes <list>", "what its holders may do here: receive (send programs here), control, observe, inspect", "receive,observe")
    .option("--name <name>", "whose it is, for people", "").addOption(json()).addOption(on())
    .addHelpText("after", examples("mvm key import 3b1f…", "mvm key import - --scopes receive,control,observe,inspect < key"))
    .action(async (text: string, options: { scopes: string; name: string; json?: boolean; on?: string }) => {
      const [{ importKey, parseKey, parseScopes }, { readFileSync }] = await Promise.all([import("./keys.js"), import("node:fs")]);
      const bytes = parseKey(text === "-" ? readFileSync(0, "utf8") : text);
      const scopes = parseScopes(options.scopes);
      if (options.on !== undefined) {
        const { askHost } = await import("./commands.js");
        const done = await askHost(options.on, "KEY", { key: bytes, scopes, name: options.name });
        return options.json ? printJson({ text: done.text }) : print(done.text);
      }
      const { key: added } = importKey(bytes, scopes, options.name);
      if (options.json) printJson({ id: added.id, scopes: added.scopes, name: added.name });
      else print(`key ${added.id} may ${added.scopes.join(", ")} here`);
    });
  return mvm;
}

interface MigrateOptions { to: string; io: IoMove; on?: string; json?: boolean }
/** The fields of MIGRATE. The host that was asked may not know where it can be reached; whoever asks it elsewhere does. */
function journeyOf({ to, io, on: at }: MigrateOptions): { to: string; io?: string; here?: string } {
  return { to, ...io !== "reopen" && { io, ...at !== undefined && { here: at } } };
}

/** Whether the target would take it: refused, the exit code says why as it would for the move. */
async function dryRun(found: Found, options: MigrateOptions): Promise<void> {
  const { ask, idOf, whichOf } = await import("./commands.js");
  const { to } = options;
  const { refused, text, name, resources = [] } = await ask(found, "MIGRATE", { which: whichOf(found), ...journeyOf(options), dry: true });
  const accepted = refused === undefined;
  const become = resources.map((line) => {
    const at = line.indexOf(" ");
    return { resource: line.slice(at + 1), becomes: line.slice(0, at) };
  });
  if (options.json) printJson({ name: found.facts.name, program: idOf(found.facts), to, accepted, ...accepted ? { as: name } : { reason: refused, text }, resources: become });
  else {
    if (accepted) print(text);
    for (const { resource, becomes } of become) print(`  ${resource}: ${becomes}`);
    if (!accepted) throw new Trouble(Exit.PEER, text);
  }
  if (!accepted) process.exitCode = Exit.PEER;
}

/** Columns, as wide as they need. */
function table(rows: readonly string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ").trimEnd()).join("\n");
}

/** Makes commander report through Trouble: one line and our exit code. */
function tame(command: Command): void {
  command.exitOverride().configureOutput({ writeErr: () => {} });
  for (const inner of command.commands) tame(inner);
}

export async function main(argv: string[]): Promise<void> {
  const mvm = commands();
  tame(mvm);
  try {
    await mvm.parseAsync(argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return;
    if (error.code === "commander.help") {
      process.stderr.write(mvm.helpInformation());
      process.exitCode = Exit.USAGE;
      return;
    }
    throw new Trouble(Exit.USAGE, error.message.replace(/^error: /, "").replace(/\n/g, " ").replace(/\.$/, ""), "see `mvm --help` and `mvm COMMAND --help`");
  }
}
