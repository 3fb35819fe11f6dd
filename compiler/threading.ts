// Between emitting and layout: jumps to jumps go to the end of the chain, jumps to a return return at once, and what
// nothing reaches any more is dropped. A JUMP throws nothing, so it does not matter which handlers cover it.

import { Op } from "../vm/format/opcodes.js";
import type { Item, Region } from "./assembler.js";
import { Label, instructions } from "./assembler.js";

const MAX_HOPS = 8;

/** The items that remain; labels and handlers' ranges are moved along. */
export function threadJumps(items: readonly Item[], regions: readonly Region[]): Item[] {
  if (!shorten(items)) return [...items];
  return dropUnreached(items, regions);
}

/** Shortens chains of jumps; says whether there were any. */
function shorten(items: readonly Item[]): boolean {
  let changed = false;
  for (const item of items) {
    let { label } = item;
    if (label === null) continue;
    let target: Item = items[label.index]!;
    for (let hops = 0; hops < MAX_HOPS && target.op === Op.JUMP && target.label !== label; hops++) {
      label = target.label!;
      target = items[label.index]!;
      changed = true;
    }
    item.label = label;
    if (item.op !== Op.JUMP || (target.op !== Op.RETURN && target.op !== Op.RETURN_UNDEFINED)) continue;
    item.op = target.op;
    item.label = null;
    changed = true;
  }
  return changed;
}

function dropUnreached(items: readonly Item[], regions: readonly Region[]): Item[] {
  const reached = reachedItems(items, regions);
  const moved: number[] = [];
  const result: Item[] = [];
  items.forEach((item, i) => {
    moved.push(result.length);
    if (reached[i]) result.push(item);
  });
  moved.push(result.length);
  const seen = new Set<Label>();
  const move = (label: Label | null): void => {
    if (label === null || seen.has(label)) return;
    seen.add(label);
    label.index = moved[label.index]!;
  };
  for (const item of result) move(item.label);
  for (const region of regions) {
    move(region.target);
    for (const range of region.ranges) {
      range.start = moved[range.start]!;
      range.end = moved[range.end]!;
    }
    const kept = region.ranges.filter(({ start, end }) => start < end);
    region.ranges.length = 0;
    region.ranges.push(...kept);
  }
  return result;
}

/** Which items control can come to, handlers of reached items included. */
function reachedItems(items: readonly Item[], regions: readonly Region[]): boolean[] {
  const reached = items.map(() => false);
  const work = [0];
  const pending = new Set(regions);
  while (work.length > 0) {
    for (let i = work.pop()!; i < items.length && !reached[i]; i++) {
      reached[i] = true;
      const item = items[i]!;
      if (item.label !== null) work.push(item.label.index);
      const { flow } = instructions[item.op]!;
      if (flow === "goto" || flow === "end") break;
    }
    if (work.length > 0) continue;
    for (const region of pending) {
      if (!region.ranges.some(({ start, end }) => anyReached(reached, start, end))) continue;
      pending.delete(region);
      work.push(region.target.index);
    }
  }
  return reached;
}

function anyReached(reached: readonly boolean[], start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (reached[i]) return true;
  return false;
}
