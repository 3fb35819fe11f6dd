// A program of several modules: live bindings, cycles, namespaces, re-exports, CommonJS, dynamic import, top-level await.
import Counter, { count, up, lazy } from "./modules/counter.mjs";
import * as names from "./modules/names.mjs";
import old from "./modules/old.cjs";
import { value } from "./modules/slow.mjs";
export function announce(n) { console.log("announced", n); }
console.log(count, up(), count, names.increase(), count, names.count);
lazy();
console.log(value, names.order, Object.keys(names), names.everything.up === up, names.Counter === Counter);
try { names.count = 5; } catch (error) { console.log(error.name); }
console.log(Object.prototype.toString.call(names), "count" in names, Reflect.ownKeys(names).length, Object.isFrozen(names), delete names.missing, Reflect.set(names, "count", 1), Reflect.has(names, "up"));
console.log(old.early, old.late, old.same, old.file);
new Counter();
console.log(Counter.made, names.Counter.made);
const again = await import("./modules/slow.mjs");
console.log(again.value, again === await import("./modules/slow.mjs"), Object.keys(again));
console.log(import.meta.url.endsWith("modules-main.mjs"), typeof require, typeof module, this);
