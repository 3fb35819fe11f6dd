// The command line of mvm-quickjs, for both shells: what the arguments mean and what is said about them. Pure: it reads
// nothing and prints nothing.

import { ioChoices } from "../../../vm/hosting/io-choice.js";
import { exitCodesHelp, Exit, Trouble } from "../../../vm/hosting/trouble.js";
import { MEMORY_MAX, type RunOptions, type ServeOptions } from "./shell.js";

export type Command =
  | { kind: "help"; text: string }
  /** `file` is "" for standard input. */
  | { kind: "run"; file: string; options: RunOptions }
  | { kind: "serve"; listen: string; options: ServeOptions };

/** How the command is called, and where its bytes come from: the engine from npm or a native `qjs`. */
export interface Manner {
  readonly name: string;
  /** `serve` listens for connections; else it has one, standard input and output. */
  readonly listens: boolean;
}

function help({ name, listens }: Manner): string {
  const file = listens ? " FILE.mvm" : " < FILE.mvm";
  return `usage: ${name} run${listens ? " FILE.mvm" : ""} [options] [-- arguments]${listens ? "" : " < FILE.mvm"}
       ${name} serve [options]

Runs programs of mvm inside the QuickJS engine: the same machine, images and protocol as mvm.

run    an image: a program that \`mvm build\` has compiled, or one that was stopped in the middle and goes on there
  --name NAME         what other commands call it${listens ? " (default: the file's name)" : ""}
  --memory SIZE       memory that it may take: bytes, or a number with K, M or G (default: what the image says)
  --fuel STEPS        stop with exit code 5 when it has run so many steps in all
  --io KIND           pins and buses for programs that import embedded:io/…: mock (in memory only; default) or none
  --virtual-time      it sees nothing of this host: time passes only while it waits, the wall clock begins at
                      1700000000000, random numbers are always the same; for comparisons, as mvm-c has it, with
    --hash-every N      print \`STEPS HASH\` to stderr every N steps and at the end
    --collect-every N   collect garbage every N steps, which must make no difference
    --stop-after N      stop when it has run N steps in all, and write its image
    -o OUT.mvm          where to

serve  be a host that takes programs in; ${listens
    ? "what they print goes to stdout as `NAME| text`\n  --listen HOST:PORT  where to listen for other hosts (default 127.0.0.1:7070)"
    : "frames go over stdin and stdout, what programs print to stderr\n                      as `NAME| text`; a program goes back over the same pair by a MIGRATE to `-`"}
  --max-memory SIZE   memory that one program may have (default 256M)
  --max-programs N    how many programs may be here at once (default 64)
  --io KIND           pins and buses, as above

Examples:
  mvm build app.js -o app.mvm && ${name} run${file.replace("FILE", "app")}
  ${name} serve${listens ? " --listen 127.0.0.1:7071\n  mvm migrate app --to 127.0.0.1:7071" : " --max-memory 16M"}
  ${name} run --virtual-time --hash-every 1000${file.replace("FILE", "app")}

${exitCodesHelp}
`;
}

function misuse(manner: Manner, what: string): never {
  throw new Trouble(Exit.USAGE, what, `see \`${manner.name} --help\``);
}
function size(text: string, option: string): number {
  const [, digits, unit = ""] = /^(\d+(?:\.\d+)?)([kKmMgG]?)$/.exec(text) ?? [];
  const bytes = Math.floor(Number(digits) * ({ k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[unit.toLowerCase()] ?? 1));
  if (digits === undefined || bytes < 65536 || bytes > MEMORY_MAX) throw new Trouble(Exit.USAGE, `${option} takes a size, not '${text}'`, `give bytes, or a number with K or M: from 64K to ${MEMORY_MAX >> 20}M`);
  return bytes;
}
function count(text: string, option: string): number {
  if (!/^\d+$/.test(text) || Number(text) < 1 || !Number.isSafeInteger(Number(text))) throw new Trouble(Exit.USAGE, `${option} takes a number, not '${text}'`, "give a whole number from 1 on");
  return Number(text);
}

/** Options with a value, by command. */
const valued: Readonly<Record<string, readonly string[]>> = {
  run: ["--name", "--memory", "--fuel", "--hash-every", "--collect-every", "--stop-after", "-o", "--io"],
  serve: ["--listen", "--max-memory", "--max-programs", "--io"],
};

/** What the arguments mean; throws a Trouble for those that mean nothing. `nameOf` gives a program's name from its file. */
export function parseCommand(list: readonly string[], manner: Manner, nameOf: (file: string) => string): Command {
  const [command, ...rest] = list;
  const behind = rest.indexOf("--");
  const own = behind < 0 ? rest : rest.slice(0, behind);
  if (command === "--help" || command === "-h" || command !== undefined && command in valued && own.some((one) => one === "--help" || one === "-h")) return { kind: "help", text: help(manner) };
  if (command !== "run" && command !== "serve") misuse(manner, command === undefined ? "there is no command" : `there is no command '${command}'`);
  const values = new Map<string, string>();
  const files: string[] = [];
  for (let i = 0; i < own.length; i++) {
    const argument = own[i]!;
    const [name, inside] = argument.startsWith("--") && argument.includes("=") ? [argument.slice(0, argument.indexOf("=")), argument.slice(argument.indexOf("=") + 1)] : [argument, undefined];
    if (!name.startsWith("-") || name === "-") files.push(argument);
    else if (name === "--virtual-time" && command === "run" && inside === undefined) values.set(name, "");
    else if (!valued[command]!.includes(name) || name === "--listen" && !manner.listens) misuse(manner, `there is no option '${name}' of ${command}`);
    else {
      const value = inside ?? own[++i];
      if (value === undefined) misuse(manner, `a value is missing behind ${name}`);
      values.set(name, value);
    }
  }
  const number = (name: string): number | undefined => values.has(name) ? count(values.get(name)!, name) : undefined;
  const bytes = (name: string): number | undefined => values.has(name) ? size(values.get(name)!, name) : undefined;
  const io = ioChoices.find((one) => one === (values.get("--io") ?? "mock"));
  if (io === undefined) misuse(manner, `--io takes ${ioChoices.join(" or ")}, not '${values.get("--io")}'`);
  if (command === "serve") {
    if (files.length > 0 || behind >= 0) misuse(manner, "serve takes no files and no arguments for programs");
    return { kind: "serve", listen: values.get("--listen") ?? "127.0.0.1:7070", options: { memoryMax: bytes("--max-memory") ?? MEMORY_MAX, programsMax: number("--max-programs") ?? 64, io } };
  }
  if (files.length > 1 || !manner.listens && files.length > 0) misuse(manner, manner.listens ? "one image at a time" : "the image comes on standard input");
  if (files.length === 0 && manner.listens) misuse(manner, "name the image");
  const file = files[0] ?? "";
  const virtualTime = values.has("--virtual-time");
  const comparing = ["--hash-every", "--collect-every", "--stop-after", "-o"].find((name) => values.has(name));
  if (comparing !== undefined && !virtualTime) misuse(manner, `${comparing} goes with --virtual-time`);
  if (values.has("-o") !== values.has("--stop-after")) misuse(manner, "--stop-after and -o go together");
  const first = virtualTime ? ["node", "program"] : ["mvm", file === "" ? "-" : file];
  return {
    kind: "run", file, options: {
      name: values.get("--name") ?? nameOf(file), programArguments: [...first, ...behind < 0 ? [] : rest.slice(behind + 1)],
      memory: bytes("--memory"), fuel: number("--fuel"), virtualTime, hashEvery: number("--hash-every"), collectEvery: number("--collect-every"),
      stopAfter: number("--stop-after"), output: values.get("-o"), io,
    },
  };
}
