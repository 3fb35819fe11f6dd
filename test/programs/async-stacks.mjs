// Stacks through awaits: who waits for what failed, as V8 finds it. Prints function names and places, without types and files.
const line = (text) => {
  const [, async = "", name = "", place] = /^ +at (async )?(?:(\S+) )?\(?(?:.*?:)?(\d+:\d+|index \d+)\)?$/.exec(text) ?? [, text];
  return `${async}${place?.startsWith("index") ? name : name.replace(/^.*\./, "")} ${place}`;
};
const frames = (e) => e.stack.split("\n").slice(1).filter((text) => !text.includes("node:")).map(line).join(" | ");
async function inner(n) { await null; throw new Error("inner " + n); }
async function middle(n) { return await inner(n); }
async function outer(n) { const x = await middle(n); return x; }
const show = (e) => console.log(e.message, "::", frames(e));
await outer(1).catch(show);
try { await outer(2); } catch (e) { show(e); }
async function all() { await Promise.all([null, inner(3), 5]); }
try { await all(); } catch (e) { show(e); }
async function settled() { return await Promise.allSettled([inner(4), null]); }
show((await settled())[0].reason);
async function any() { await Promise.any([Promise.reject(1), inner(5)]); }
try { await any(); } catch (e) { show(e.errors[1]); show(e); }
async function race() { await Promise.race([new Promise(() => {}), inner(6)]); }
try { await race(); } catch (e) { show(e); }
async function* gen() { yield 1; await null; throw new Error("gen"); }
async function consume() { for await (const x of gen()) { await null; } }
try { await consume(); } catch (e) { show(e); }
async function thenable() { await inner(7).then((x) => x); }
try { await thenable(); } catch (e) { show(e); }
async function viaThen() { await Promise.resolve(1).then(function handler() { throw new Error("then"); }); }
try { await viaThen(); } catch (e) { show(e); }
async function viaThen2() { await Promise.resolve(1).then(() => {}).then(function handler() { throw new Error("then2"); }).finally(() => {}); }
try { await viaThen2(); } catch (e) { show(e); }
async function viaNew() { await new Promise((resolve) => { inner(8).then(resolve, resolve); }); throw 1; }
await viaNew().catch(() => {});
async function resolver() { const e = await new Promise((resolve) => { Promise.resolve().then(function late() { return new Error("late"); }).then(resolve); }); show(e); }
await resolver();
async function returned() { return inner(9); }
async function waits() { await returned(); }
try { await waits(); } catch (e) { show(e); }
class K { async method() { await inner(10); } static async stat() { await new K().method(); } }
try { await K.stat(); } catch (e) { show(e); }
const arrow = async () => { await inner(11); };
try { await arrow(); } catch (e) { show(e); }
async function sync() { throw new Error("sync"); }
async function syncOuter() { await sync(); }
try { await syncOuter(); } catch (e) { show(e); }
async function helper() { (function deep() { throw new Error("deep"); })(); }
async function later() { await null; await helper(); }
async function later2() { await later(); }
try { await later2(); } catch (e) { show(e); }
async function two() { const p = inner(12); p.catch(() => {}); await p; }
try { await two(); } catch (e) { show(e); }
async function nested() { await Promise.all([Promise.all([inner(13)]), 1]); }
try { await nested(); } catch (e) { show(e); }
async function* delegated() { yield* gen(); }
async function consume2() { for await (const x of delegated()); }
try { await consume2(); } catch (e) { show(e); }
async function manual() { const g = gen(); await g.next(); await g.next(); }
try { await manual(); } catch (e) { show(e); }
Error.stackTraceLimit = 2;
try { await K.stat(); } catch (e) { show(e); }
Error.stackTraceLimit = 1;
try { await K.stat(); } catch (e) { show(e); }
Error.stackTraceLimit = 10;
async function rec(n) { if (n === 0) { await null; throw new Error("rec"); } await rec(n - 1); }
try { await rec(20); } catch (e) { show(e); }
async function capture() { await null; const o = {}; Error.captureStackTrace(o); return o; }
async function captureOuter() { return await capture(); }
console.log(frames(await captureOuter()));
async function typeError() { await null; null.x; }
async function typeOuter() { await typeError(); }
try { await typeOuter(); } catch (e) { show(e); }
const t = { then(f) { f(1); show(new Error("thenable")); } };
async function awaitThenable() { await t; }
await awaitThenable();
await (async () => { await outer(100); })().catch(show);
await new Promise((resolve) => setTimeout(async function tick() { try { await outer(99); } catch (e) { show(e); } resolve(); }, 1));
const self = new Promise((resolve) => { Promise.resolve().then(() => { show(new Error("own")); }).then(() => self.then(resolve)); });
await null;
const many = Array.from({ length: 300 }, (_, i) => i);
async function last() { await Promise.all([...many, inner(14)]); }
try { await last(); } catch (e) { show(e); }
async function twice() { const p = inner(15); await Promise.all([p.then(() => {}), p]); }
try { await twice(); } catch (e) { show(e); }
class Sub extends Promise {}
async function sub() { await Sub.all([inner(16)]); }
try { await sub(); } catch (e) { show(e); }
async function subThen() { await Sub.resolve(inner(17)).then((x) => x); }
try { await subThen(); } catch (e) { show(e); }
async function resolvers() { const { promise, resolve } = (() => { let resolve; const promise = new Promise((f) => { resolve = f; }); return { promise, resolve }; })(); inner(18).catch((e) => show(e)).then(resolve); await promise; }
await resolvers();
async function tried() { await Promise.resolve().then(() => inner(19)); }
try { await tried(); } catch (e) { show(e); }
async function* throwing() { try { yield 1; } finally { await null; show(new Error("left")); } }
async function leaves() { for await (const x of throwing()) break; }
await leaves();
const lines = [];
async function labelled() { await inner(20); }
await labelled().catch((e) => lines.push(frames(e)), 1);
console.log(lines.join());

