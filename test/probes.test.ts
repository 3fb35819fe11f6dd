// State that others lose: each probe sets up a small piece of state, is then moved through an image three times (standing
// in a host call, and twice in the middle of what follows), and must find everything as it was. A probe is a program: what
// it sets up, and an expression that must be true afterwards. ThingsJS carried 28 of 91 such probes through a move.

import test from "ava";
import { checkHeap, throughImage } from "./torture.js";
import { compileText, flatKernel, plainKernel, ProgramRun } from "./support/run-program.js";

/** Name, setup, and what must hold after three moves (awaited). */
const probes: readonly (readonly [string, string, string])[] = [
  // Identity and aliases
  ["two names of one object", "const a = { n: 1 }, b = a;", "(b.n = 2, a.n === 2 && a === b)"],
  ["one object in two arrays", "const o = {}; const x = [o], y = [0, o];", "x[0] === y[1]"],
  ["a cycle of two objects", "const a = {}, b = { a }; a.b = b;", "a.b.a === a && b.a.b === b"],
  ["an object that holds itself", "const a = {}; a.self = a;", "a.self.self.self === a"],
  ["an array that holds itself", "const a = [1]; a.push(a);", "a[1][1][0] === 1 && a[1] === a"],
  ["equal but different objects", "const a = { x: 1 }, b = { x: 1 };", "a !== b"],
  ["functions are compared by identity", "const f = () => 1; const o = { f, g: f };", "o.f === o.g && o.f === f"],
  ["the global object", "globalThis.mark = { here: 1 };", "mark.here === 1 && globalThis.mark === mark"],
  ["built-ins keep their identity", "const keep = [Array, Object.prototype, Math.max];", "keep[0] === Array && keep[1] === Object.prototype && keep[2] === Math.max"],
  ["changed built-ins", "Array.prototype.probe = 7; Math.extra = 8;", "[].probe === 7 && Math.extra === 8 && !Object.hasOwn(Array, 'probe')"],
  ["replaced built-ins", "const old = JSON.stringify; JSON.stringify = () => 'mine';", "JSON.stringify({}) === 'mine' && old({}) === '{}'"],
  // Numbers and other primitives
  ["NaN", "const n = NaN, list = [NaN];", "n !== n && list.includes(NaN) && Object.is(list[0], NaN)"],
  ["minus zero", "const z = -0, o = { z: [-0] };", "Object.is(z, -0) && Object.is(o.z[0], -0)"],
  ["infinities", "const i = [Infinity, -Infinity];", "i[0] === 1 / 0 && i[1] === -1 / 0"],
  ["the edges of small integers", "const e = [1073741823, 1073741824, -1073741824, -1073741825, 2147483648];", "e.join() === '1073741823,1073741824,-1073741824,-1073741825,2147483648'"],
  ["doubles to the last bit", "const d = [0.1 + 0.2, 5e-324, 1.7976931348623157e308];", "d[0] === 0.30000000000000004 && d[1] === 5e-324 && d[2] === 1.7976931348623157e308"],
  ["undefined, null and absent are told apart", "const o = { u: undefined, n: null };", "'u' in o && o.u === undefined && o.n === null && !('x' in o)"],
  ["booleans", "const b = [true, false];", "b[0] === true && b[1] === false"],
  // Texts
  ["quotes, backslashes and line ends", "const s = `'\"\\\\\\n\\r\\t\\0\\u2028`;", "s.length === 8 && s[1] === '\"' && s.charCodeAt(7) === 0x2028"],
  ["characters beyond Latin-1", "const s = 'ä€漢😀';", "[...s].length === 4 && s.codePointAt(3) === 0x1f600"],
  ["lone surrogates", "const s = 'a\\ud800b';", "s.charCodeAt(1) === 0xd800 && s.length === 3"],
  ["a rope not yet flat", "let s = ''; for (let i = 0; i < 100; i++) s += i;", "s.length === 190 && s.endsWith('979899')"],
  ["a computed text as a key", "const k = 'ke' + 'y'.repeat(2); const o = { [k]: 1 };", "o['keyy'] === 1 && o[['ke', 'yy'].join('')] === 1"],
  ["a long text", "const s = 'abc'.repeat(20000);", "s.length === 60000 && s[59999] === 'c'"],
  ["String objects", "const s = new String('obj'); s.extra = 1;", "s.length === 3 && s[1] === 'b' && s.extra === 1 && typeof s === 'object'"],
  // Objects
  ["the order of properties", "const o = { z: 1, a: 2, 10: 3, 2: 4 }; delete o.z; o.z = 5;", "Object.keys(o).join() === '2,10,a,z'"],
  ["getters and setters", "let v = 1; const o = { get p() { return v; }, set p(n) { v = n * 2; } };", "(o.p = 5, o.p === 10 && v === 10)"],
  ["a getter on a prototype", "const o = Object.create({ get twice() { return this.n * 2; } }); o.n = 4;", "o.twice === 8"],
  ["attributes", "const o = Object.defineProperty({}, 'x', { value: 1 });", "(() => { try { o.x = 2; return false; } catch { return Object.keys(o).length === 0; } })()"],
  ["frozen objects", "const o = Object.freeze({ a: 1, b: [1] });", "Object.isFrozen(o) && !Object.isFrozen(o.b) && Reflect.set(o, 'a', 2) === false"],
  ["sealed objects", "const o = Object.seal({ a: 1 });", "Object.isSealed(o) && Reflect.set(o, 'a', 2) && !Reflect.set(o, 'b', 1)"],
  ["objects that cannot be extended", "const o = Object.preventExtensions({});", "!Object.isExtensible(o) && !Reflect.set(o, 'x', 1)"],
  ["no prototype", "const o = Object.create(null); o.x = 1;", "Object.getPrototypeOf(o) === null && o.x === 1 && !('toString' in o)"],
  ["a chain of prototypes", "const a = { x: 1 }, b = Object.create(a), c = Object.create(b);", "(a.x = 2, c.x === 2 && Object.getPrototypeOf(c) === b)"],
  ["a changed prototype", "const o = {}; Object.setPrototypeOf(o, { who: 'new' });", "o.who === 'new'"],
  ["an object with many properties", "const o = {}; for (let i = 0; i < 300; i++) o['k' + i] = i; for (let i = 0; i < 300; i += 2) delete o['k' + i];", "Object.keys(o).length === 150 && o.k299 === 299 && o.k0 === undefined"],
  ["symbols as keys", "const s = Symbol('s'); const o = { [s]: 1, s: 2 };", "o[s] === 1 && s.description === 's' && Object.getOwnPropertySymbols(o)[0] === s"],
  ["registered symbols", "const s = Symbol.for('shared');", "Symbol.for('shared') === s && Symbol.keyFor(s) === 'shared'"],
  ["well-known symbols", "const o = { [Symbol.iterator]: function* () { yield 1; }, [Symbol.toStringTag]: 'Tag' };", "[...o][0] === 1 && String(o) === '[object Tag]'"],
  ["boxed primitives", "const b = [new Number(5), new Boolean(false), Object(Symbol.iterator)];", "b[0] + 1 === 6 && !!b[1] && b[1] == false && b[2].valueOf() === Symbol.iterator"],
  // Arrays
  ["holes", "const a = [1, , 3, , ];", "a.length === 4 && !(1 in a) && !(3 in a) && 2 in a"],
  ["a sparse array", "const a = []; a[100000] = 1; a[5] = 2;", "a.length === 100001 && Object.keys(a).join() === '5,100000'"],
  ["properties of an array", "const a = [1]; a.name = 'list'; a[-1] = 'm';", "a.name === 'list' && a[-1] === 'm' && a.length === 1"],
  ["an accessor as an element", "const a = [1, 2]; Object.defineProperty(a, 0, { get: () => 42 });", "a[0] === 42 && a.map((x) => x)[0] === 42"],
  ["a fixed length", "const a = [1]; Object.defineProperty(a, 'length', { writable: false });", "(() => { try { a.push(2); } catch { return a.length === 1; } })()"],
  ["an array of arrays", "const m = [[1, 2], [3, 4]]; m.push(m[0]);", "m[2] === m[0] && m[1][1] === 4"],
  ["a subclass of Array", "class L extends Array { sum() { return this.reduce((a, b) => a + b, 0); } } const l = L.of(1, 2);", "(l.push(3), l.sum() === 6 && l instanceof L && l.length === 3)"],
  // Collections
  ["Map: keys of all kinds", "const k = {}; const m = new Map([[k, 1], [NaN, 2], [-0, 3], ['s', 4], [undefined, 5]]);", "m.get(k) === 1 && m.get(NaN) === 2 && m.get(0) === 3 && m.get('s') === 4 && m.get(undefined) === 5"],
  ["Map: order after deletion", "const m = new Map([[1, 'a'], [2, 'b'], [3, 'c']]); m.delete(1); m.set(1, 'z');", "[...m.keys()].join() === '2,3,1'"],
  ["Map: an iterator half-way", "const m = new Map([[1, 'a'], [2, 'b'], [3, 'c']]); const it = m.entries(); it.next();", "(m.delete(2), m.set(4, 'd'), [...it].join() === '3,c,4,d')"],
  ["Map: an iterator over growth", "const m = new Map([[0, 0]]); const it = m.keys(); it.next(); for (let i = 1; i < 50; i++) m.set(i, i);", "[...it].length === 49"],
  ["Set of objects", "const o = {}, s = new Set([o, 1, '1']);", "s.has(o) && s.has(1) && s.has('1') && !s.has({}) && s.size === 3"],
  ["nested collections", "const m = new Map([['s', new Set([new Map([[1, 2]])])]]);", "[...m.get('s')][0].get(1) === 2"],
  ["Map with properties, and a subclass", "class C extends Map { get(k) { return super.get(k) ?? 'none'; } } const c = new C([[1, 2]]); c.extra = 3;", "c.get(1) === 2 && c.get(9) === 'none' && c.extra === 3 && c instanceof Map"],
  ["WeakMap entries", "const k = {}, w = new WeakMap([[k, { v: 1 }]]);", "w.get(k).v === 1 && !w.has({}) && (w.set(k, 2), w.get(k) === 2)"],
  ["WeakSet membership", "const k = [], w = new WeakSet([k]);", "w.has(k) && !w.has([]) && w.delete(k) && !w.has(k)"],
  // Functions and closures
  ["a counter's closure", "const next = (() => { let n = 0; return () => ++n; })(); next(); next();", "next() === 3"],
  ["a variable shared by two closures", "let inc, get; { let n = 5; inc = () => n++; get = () => n; } inc();", "(inc(), get() === 7)"],
  ["a binding for each iteration", "const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i++);", "(fs[1](), fs.map((f) => f()).join() === '0,2,2')"],
  ["a closure over a parameter and this", "class T { constructor() { this.v = 9; } make(p) { return () => this.v + p; } } const f = new T().make(1);", "f() === 10"],
  ["bound functions", "const f = function (a, b) { return [this.t, a, b].join(); }.bind({ t: 'T' }, 1);", "f(2) === 'T,1,2' && f.name === 'bound ' && f.length === 1"],
  ["properties of functions", "function f() { return f.count++; } f.count = 1; f();", "f() === 2 && f.name === 'f' && f.prototype.constructor === f"],
  ["arguments objects", "const a = (function () { return arguments; })(1, { x: 2 });", "a.length === 2 && a[1].x === 2 && Object.prototype.toString.call(a) === '[object Arguments]'"],
  ["default parameters that see each other", "const f = (a, b = () => a, c = b() + 1) => [a, b(), c].join();", "f(1) === '1,1,2'"],
  ["recursion under way", "const depth = (n) => n === 0 ? (console.log('deep'), 0) : 1 + depth(n - 1);", "depth(50) === 50"],
  ["a call with its operands on the stack", "const f = (...list) => list.join(''); const say = (x) => (console.log(x), x);", "f(1, say(2), [say(3)], `${say(4)}`) === '1234'"],
  ["a memo in a closure", "const memo = new Map(); const fib = (n) => n < 2 ? n : memo.get(n) ?? (memo.set(n, fib(n - 1) + fib(n - 2)), memo.get(n)); fib(30);", "memo.size === 29 && fib(40) === 102334155"],
  // Classes
  ["private fields", "class P { #x = 1; static read(o) { return o.#x; } inc() { return ++this.#x; } static has(o) { return #x in o; } } const p = new P(); p.inc();", "p.inc() === 3 && P.read(p) === 3 && P.has(p) && !P.has({})"],
  ["private methods and accessors", "class P { #v = 2; #m() { return this.#v; } get #g() { return this.#m() * 2; } set #g(n) { this.#v = n; } go() { this.#g = 5; return this.#g; } } const p = new P();", "p.go() === 10"],
  ["static state", "class S { static n = 1; static #hidden = [1]; static add() { S.#hidden.push(++S.n); return S.#hidden.length; } } S.add();", "S.add() === 3 && S.n === 3"],
  ["inheritance and super", "class A { hi() { return 'A'; } } class B extends A { hi() { return super.hi() + 'B'; } } const b = new B();", "b.hi() === 'AB' && b instanceof A && Object.getPrototypeOf(B) === A"],
  ["a class made later from a captured base", "const mixin = (Base) => class extends Base { m() { return 'm' + super.m(); } }; class A { m() { return 'a'; } } const M = mixin(A);", "new (mixin(M))().m() === 'mma'"],
  ["fields that are arrow functions", "class C { v = 3; f = () => this.v; } const { f } = new C();", "f() === 3"],
  ["instances under construction", "class A { constructor() { this.a = 1; console.log('in constructor'); this.b = 2; } } class B extends A { c = (console.log('field'), 3); constructor() { super(); this.d = 4; } }", "JSON.stringify(new B()) === '{\"a\":1,\"b\":2,\"c\":3,\"d\":4}'"],
  ["new.target", "function F() { console.log('x'); return { t: new.target === F }; }", "new F().t === true && F().t === false"],
  // Errors and control
  ["errors with stack and cause", "const e = (() => { try { null.x; } catch (c) { return new RangeError('r', { cause: c }); } })();", "e instanceof RangeError && e.cause instanceof TypeError && e.stack.startsWith('RangeError: r') && !Object.keys(e).includes('stack')"],
  ["inside try, catch and finally", "const log = []; const f = () => { try { console.log(1); throw 'e'; } catch (x) { console.log(2); log.push(x); return 'r'; } finally { console.log(3); log.push('f'); } };", "f() === 'r' && log.join() === 'e,f'"],
  ["an exception on its way through a finally", "let passed = 0; const f = (n) => { try { if (n === 0) throw new Error('deep'); f(n - 1); } finally { console.log(n); passed++; } };", "(() => { try { f(5); } catch (e) { return e.message === 'deep' && passed === 6; } })()"],
  ["in the middle of a switch and labelled loops", "const run = () => { let n = 0; outer: for (let i = 0; i < 3; i++) for (;;) { switch (i) { case 1: continue outer; default: n += i; console.log(i); continue outer; } } return n; };", "run() === 2"],
  ["for-in half-way", "const o = { a: 1, b: 2, c: 3 }; const seen = []; const run = () => { for (const k in o) { console.log(k); seen.push(k); delete o.b; } };", "(run(), seen.join() === 'a,c')"],
  ["destructuring half-way", "const log = []; const it = { [Symbol.iterator]: () => ({ i: 0, next() { console.log(this.i); return { value: this.i++, done: false }; }, return() { log.push('closed'); return {}; } }) };", "(() => { const [a, b = 5, ...[c]] = [...[1], undefined, 7], [d] = it; return a + b + c + d === 13 && log[0] === 'closed'; })()"],
  ["sort in its comparator", "const a = [3, 1, 2]; const s = () => a.sort((x, y) => (console.log(x), x - y));", "s().join() === '1,2,3'"],
  ["replace in its callback", "const r = () => 'abc'.replace(/[ac]/g, (c) => (console.log(c), c + c));", "r() === 'aabcc'"],
  ["JSON.stringify in toJSON", "const o = { d: { toJSON() { console.log('t'); return [1]; } }, x: 2 };", "JSON.stringify(o) === '{\"d\":[1],\"x\":2}'"],
  ["JSON.parse in its reviver", "const p = () => JSON.parse('{\"a\":[1,2]}', (k, v) => (console.log(k), typeof v === 'number' ? v + 1 : v));", "p().a.join() === '2,3'"],
  // Iterators and generators
  ["an array iterator half-way", "const it = [1, 2, 3].values(); it.next();", "[...it].join() === '2,3'"],
  ["a string iterator half-way", "const it = 'a😀b'[Symbol.iterator](); it.next();", "it.next().value === '😀' && it.next().value === 'b'"],
  ["a generator half-way", "function* g(n) { let s = 0; for (let i = 0; i < n; i++) s += (yield s) ?? i; return s; } const it = g(3); it.next(); it.next(10);", "it.next(5).value === 15 && it.next().done && it.next().value === undefined"],
  ["a generator inside finally", "const log = []; function* g() { try { yield 1; } finally { yield 'cleaning'; log.push('done'); } } const it = g(); it.next(); it.return('R');", "it.next().value === 'R' && log[0] === 'done'"],
  ["a generator delegating", "function* a() { const x = yield 'a'; return x + '!'; } function* b() { return yield* a(); } const it = b(); it.next();", "it.next('v').value === 'v!'"],
  ["a generator not begun, and one finished", "function* g() { yield 1; } const fresh = g(), done = g(); [...done];", "fresh.next().value === 1 && done.next().done"],
  ["matchAll half-way", "const it = 'a1b2c3'.matchAll(/[a-z](\\d)/g); it.next();", "[...it].map((m) => m[1] + m.index).join() === '22,34'"],
  // Regular expressions, dates, binary data
  ["lastIndex of a regular expression", "const r = /o/g; r.exec('foo boo');", "r.lastIndex === 2 && r.exec('foo boo').index === 2 && r.flags === 'g'"],
  ["a match with its groups", "const m = /(?<y>\\d+)-(\\d+)/.exec('on 2024-05');", "m.groups.y === '2024' && m[2] === '05' && m.index === 3 && m.input === 'on 2024-05'"],
  ["a sticky, a unicode and a subclassed expression", "class R extends RegExp { exec(s) { const m = super.exec(s); if (m) m.mine = true; return m; } } const r = new R('(.)', 'uy'); r.lastIndex = 1;", "r.exec('a😀').mine && r.lastIndex === 3"],
  ["a long match under way", "const f = () => /^(a+)+$/.test('a'.repeat(12) + '!');", "f() === false"],
  ["dates", "const d = new Date(2024, 1, 29, 12), bad = new Date(NaN);", "d.getTime() === Date.UTC(2024, 1, 29, 12) && isNaN(bad) && d.toISOString() === '2024-02-29T12:00:00.000Z'"],
  ["two typed arrays over one buffer", "const b = new ArrayBuffer(8), u = new Uint8Array(b), f = new Float32Array(b, 4); f[0] = 1.5;", "u[7] === 0x3f && (u[7] = 0xbf, f[0] === -1.5) && u.buffer === f.buffer"],
  ["DataView", "const v = new DataView(new ArrayBuffer(8), 2, 4); v.setUint16(1, 0x1234);", "v.getUint8(1) === 0x12 && v.byteOffset === 2 && v.byteLength === 4"],
  ["a subarray", "const a = new Int16Array([1, -2, 3]), s = a.subarray(1);", "(s[0] = 9, a[1] === 9 && s.length === 2)"],
  ["clamped and floating elements", "const c = new Uint8ClampedArray([300, -5, 1.5]), f = new Float64Array([NaN, -0]);", "c.join() === '255,0,2' && Object.is(f[1], -0) && f[0] !== f[0]"],
  // Promises, async, timers
  ["a pending promise and its resolver", "let resolve; const p = new Promise((r) => { resolve = r; }); const q = p.then((v) => v + 1);", "(resolve(41), (await q) === 42)"],
  ["settled promises", "const p = Promise.resolve({ v: 1 }), r = Promise.reject(new Error('no')); r.catch(() => {});", "(await p).v === 1 && (await r.catch((e) => e.message)) === 'no' && (await p) === (await p)"],
  ["jobs waiting in the queue", "const log = []; Promise.resolve().then(() => log.push(1)).then(() => log.push(2)); queueMicrotask(() => log.push('m'));", "(await null, await null, await null, log.join() === '1,m,2')"],
  ["an async function suspended", "let go; const f = async (x) => { const y = await new Promise((r) => { go = r; }); try { return x + y; } finally { await null; } }; const p = f(1);", "(go(2), (await p) === 3)"],
  ["an async loop", "const f = async () => { let s = 0; for (let i = 0; i < 5; i++) { s += await i; console.log(i); } return s; };", "(await f()) === 10"],
  ["an async generator with requests queued", "async function* g() { try { yield 1; yield 2; } finally { await null; } } const it = g(); const ps = [it.next(), it.next(), it.return('x')];", "(await Promise.all(ps)).map((r) => r.value + ':' + r.done).join() === '1:false,2:false,x:true'"],
  ["for await half-way", "const f = async () => { const seen = []; for await (const v of [1, Promise.resolve(2)]) { console.log(v); seen.push(v); } return seen; };", "(await f()).join() === '1,2'"],
  ["Promise.all half-way", "const rs = []; const p = Promise.all([1, 2, 3].map((x) => new Promise((r) => rs.push(() => r(x * 10))))); rs[1]();", "(rs[0](), rs[2](), (await p).join() === '10,20,30')"],
  ["a promise with a subclass", "class P extends Promise { static tag = 't'; } const p = P.resolve(1).then((x) => x);", "p instanceof P && p.constructor.tag === 't' && (await p) === 1"],
  ["timers with their remaining time", "const t0 = performance.now(); const p = new Promise((r) => setTimeout(() => r(performance.now() - t0), 500));", "(await p) === 500"],
  ["timers with their arguments, in order", "const log = []; setTimeout((a, b) => log.push(a + b), 20, 'x', 'y'); setTimeout(() => log.push('first'), 10);", "(await new Promise((r) => setTimeout(r, 30)), log.join() === 'first,xy')"],
  ["an interval, and clearing it by its old handle", "let n = 0; const i = setInterval(() => n++, 10);", "(await new Promise((r) => setTimeout(r, 35)), clearInterval(i), await new Promise((r) => setTimeout(r, 35)), n === 3)"],
  ["a timer cleared before the move", "let fired = false; clearTimeout(setTimeout(() => { fired = true; }, 5));", "(await new Promise((r) => setTimeout(r, 20)), fired === false)"],
  ["immediates and ticks", "const log = []; setImmediate(() => log.push('i')); process.nextTick(() => log.push('t'));", "(await new Promise((r) => setTimeout(r, 5)), log.join() === 't,i')"],
  ["program time goes on", "const t = performance.now(), d = Date.now();", "(await new Promise((r) => setTimeout(r, 100)), performance.now() - t === 100 && Date.now() - d === 100)"],
  // Templates, modules of the machine, console
  ["the identity of a tagged template's strings", "const id = (s) => s; const place = () => id`a${1}b`; const first = place();", "place() === first && Object.isFrozen(first) && first.raw[0] === 'a'"],
  ["console's groups and counters", "console.group('g'); console.count('c');", "(console.count('c'), console.groupEnd(), true)"],
  ["Math.random goes on where it was", "const a = Array.from({ length: 3 }, () => Math.random());", "new Set([...a, Math.random(), Math.random()]).size === 5"],
  ["structured clones", "const o = { d: new Date(5), m: new Map([[1, [2]]]) }; o.self = o; const c = structuredClone(o);", "c.self === c && c.m.get(1)[0] === 2 && c.d.getTime() === 5 && c !== o"],
  ["accessors of a class on an instance made before", "class A { get x() { return this.v; } static make(v) { const a = new A(); a.v = v; return a; } } const a = A.make(6);", "a.x === 6 && Object.getOwnPropertyDescriptor(A.prototype, 'x').set === undefined"],
  ["process and its exit code", "process.exitCode = 0; const args = process.argv;", "process.argv === args && args[0] === 'node' && process.env.MODE === 'test'"],
];

const READY = "ready for the move";

for (const [name, setup, check] of probes) {
  test(name, (t) => {
    const source = `${setup}\nconsole.log(${JSON.stringify(READY)});\nconsole.log("holds:", ${check});\n`;
    let run = ProgramRun.start(flatKernel, compileText(source, "probe.mjs"));
    // To the host call that says ready, unanswered.
    while (!(run.machine.stopped === "host-call" && String(run.machine.hostCall().arguments[1]).trim() === READY)) {
      if (!run.runTo(run.steps + 1)) return t.fail(`the setup ended: ${run.transcript()}`);
    }
    for (const [kernel, steps] of [[plainKernel, 0], [flatKernel, 29], [plainKernel, 83]] as const) {
      run.runTo(run.steps + steps);
      if (run.ending !== undefined) break;
      run = throughImage(run, kernel);
      checkHeap({ name, unit: undefined as never }, run.machine);
    }
    const lines = run.finish().transcript().trim().split("\n");
    t.true(lines.includes("holds: true") || lines.includes("  holds: true"), run.transcript());
    t.is(run.ending, "ended");
  });
}

test("there are at least a hundred", (t) => t.true(probes.length >= 100, String(probes.length)));
