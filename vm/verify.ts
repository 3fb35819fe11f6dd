import type { Machine } from "./machine.js";
export function verifyMachine(_machine: Machine): { reason: string; address: number } | undefined { return undefined; }
