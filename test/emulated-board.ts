// Boards under QEMU with the firmware that serves (hosts/c/firmware/serve.c): built with a user's key, started, their UART
// behind TCP, their console in a file.

import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { linesOf, root, type User } from "./cli-support.js";

const PATIENCE_MS = 120_000;

export interface EmulatedMachine {
  readonly board: string;
  /** Where its flash is too short for all. */
  readonly profile?: string;
  /** Bytes that each program may have, where they are not the firmware's usual ones. */
  readonly slotBytes?: number;
  readonly command: string;
  readonly list: readonly string[];
  readonly console: (path: string) => string[];
  /** What it needs: commands, and the packages of Debian that have them. */
  readonly needs: readonly string[];
  readonly packages: string;
}
const serialConsole = (path: string): string[] => ["-serial", `file:${path}`];
const arm = { command: "qemu-system-arm", console: serialConsole, needs: ["arm-none-eabi-gcc", "qemu-system-arm"], packages: "gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm" };
export const cortexM3: EmulatedMachine = { ...arm, board: "lm3s6965evb", profile: "small", list: ["-M", "lm3s6965evb"] };
export const cortexM4: EmulatedMachine = { ...arm, board: "netduinoplus2", list: ["-M", "netduinoplus2"] };
export const riscv: EmulatedMachine = {
  board: "riscv-virt", command: "qemu-system-riscv32", list: ["-M", "virt", "-bios", "none"], console: (path) => ["-chardev", `file,id=console,path=${path}`, "-device", "pci-serial,chardev=console"],
  needs: ["riscv64-unknown-elf-gcc", "qemu-system-riscv32"], packages: "gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf qemu-system-misc",
};

/** What is not installed of these, and what to do about it; empty: nothing. */
export function missingOf(name: string, needs: readonly string[], packages: string): string {
  const missing = needs.find((command) => spawnSync(command, ["--version"]).status !== 0);
  return missing === undefined ? "" : `${name}: no ${missing} (on Debian: apt-get install ${packages})`;
}

export interface EmulatedBoard {
  /** Of its UART. */
  readonly port: number;
  /** What the programs of that name have printed. */
  lines(name: string): string[];
  readonly console: () => string;
  readonly child: ChildProcess;
  stop(): void;
}

/** Builds the firmware with that key and starts it. */
export async function startBoard({ board, profile = "standard", slotBytes, command, list, console: consoleOf }: EmulatedMachine, user: User, key: string): Promise<EmulatedBoard> {
  const port = await freePort();
  const path = join(user.directory, `${board}.console`);
  const elf = join(user.directory, `${board}.elf`);
  const built = spawnSync("sh", [`${root}hosts/c/firmware/build.sh`, board, "--serve", ...slotBytes === undefined ? [] : [String(slotBytes)]], { encoding: "utf8", env: { ...process.env, KEY: key, PROFILE: profile, ELF: elf } });
  if (built.status !== 0) throw new Error(built.stderr);
  const child = spawn(command, [...list, "-nographic", "-monitor", "none", "-serial", `tcp:127.0.0.1:${port},server=on,wait=off,nodelay=on`, ...consoleOf(path), "-kernel", elf], { stdio: "ignore" });
  const text = (): string => existsSync(path) ? readFileSync(path, "utf8") : "";
  // What is sent before the UART is enabled is lost, and repeated.
  const end = performance.now() + PATIENCE_MS;
  while (!text().includes("waits for programs")) {
    if (child.exitCode !== null || performance.now() > end) throw new Error(`${board} does not start: ${text()}`);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  return { port, lines: (name) => linesOf(text(), name), console: text, child, stop: () => child.kill("SIGKILL") };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
