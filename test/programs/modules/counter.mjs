// A module with live bindings, a default export and a cycle back to its importer.
import { announce } from "../modules-main.mjs";
export let count = 0;
export function up() { count++; announce(count); return count; }
export default class Counter { static made = 0; constructor() { Counter.made++; } }
export const lazy = () => announce("lazy");
