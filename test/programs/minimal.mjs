// What the profile minimal has (hosts/c/profiles.ts): it runs there as here.
function makeCounter(start) { let n = start; return { next() { return ++n; }, get value() { return n; } }; }
const counter = makeCounter(40);
counter.next();
console.log("counter", counter.next(), counter.value);
class Sensor { constructor(name, scale) { this.name = name; this.scale = scale; } read(raw) { return raw * this.scale; } static make(name) { return new Sensor(name, 0.1); } }
class Named extends Sensor { constructor(name) { super(name, 2); } }
const s = Sensor.make("temp");
console.log(s.name, s.read(7), new Named("x").read(21), s instanceof Sensor);
const list = [5, 3, 9].map((x) => x * 2).filter((x) => x > 6);
list.push(1); list.pop();
let sum = 0;
for (const x of list) sum += x;
for (let i = 0; i < list.length; i++) sum += list[i];
console.log("sum", sum, list.join("-"), list.indexOf(18), list.includes(7));
try { null.foo; } catch (error) { console.log(error instanceof TypeError, error.message); }
try { throw new RangeError("too far"); } catch (error) { console.log(error.name + ": " + error.message); } finally { console.log("finally"); }
try { undefinedThing(); } catch (error) { console.log(error.message); }
const { name, scale = 3 } = s;
const [a, , b = 7] = [1, 2];
console.log(`${name} ${scale} ${a} ${b}`, 1 / 3, -0, 1e21, 0.1 + 0.2, NaN, 5 % 3, 7 >>> 1, "abc".slice(1), "abc".indexOf("c"), "xyz".charCodeAt(1));
console.log((12.5).toString(), String(7), Math.max(1, 2), Math.floor(2.7), Math.round(2.5), true, null, undefined);
const o = {}; o["k" + 1] = 5; o.k2 = [1, 2, 3]; console.log(o.k1, o.k2.length, "k1" in o, typeof o, typeof makeCounter);
function rest(...args) { return args.length; }
console.log(rest(...[1, 2, 3]), rest.call(null, 1), rest.apply(null, [1, 2]));
let ticks = 0;
const t = setInterval(() => { console.log("tick", ++ticks); if (ticks === 2) clearInterval(t); }, 10);
setTimeout((x) => console.log("late", x), 50, "arg");
let label = "";
outer: for (let i = 0; i < 3; i++) { switch (i) { case 0: label += "zero"; break; case 1: continue outer; default: label += "more"; } }
console.log(label, label === "zeromore", label.length, label > "a");
