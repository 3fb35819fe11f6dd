// Re-exports under other names, a namespace and a JSON file.
export { up as increase, default as Counter } from "./counter.mjs";
export * from "./counter.mjs";
export * as everything from "./counter.mjs";
export const order = [];
order.push(typeof order);
