// A program that goes once through everything the machine's loop does quickly. A JavaScript engine that runs the machine
// optimises the loop for the paths it has seen, and throws that work away when a new one turns up; so a host runs this
// when its first program turns out to be a long one, and the loop is optimised once, for good. It prints nothing.

let total = 0;
const sink = (value) => { total = (total + (typeof value === "number" ? value : String(value).length)) % 1000003; };

class Shape {
  #hidden = 1;
  static made = 0;
  constructor(name) { this.name = name; this.size = 0; Shape.made++; }
  get hidden() { return this.#hidden; }
  set hidden(value) { this.#hidden = value; }
  grow(by) { this.size += by; return this; }
}
class Circle extends Shape {
  constructor(radius) { super("circle"); this.radius = radius; }
  grow(by) { super.grow(by); this.radius += by * 0.5; return this; }
  get area() { return this.radius * this.radius * 3.14159; }
}
function Legacy(x) { this.x = x; }
Legacy.prototype.twice = function () { return this.x * 2; };

function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
function* numbers(n) { for (let i = 0; i < n; i++) { const sent = yield i; if (sent !== undefined) sink(sent); } }
function rest(first, ...others) { return others.length + first; }
function args() { return arguments.length; }
const thrower = (n) => { try { if (n % 2 === 0) throw new RangeError("even " + n); return n; } catch (error) { return error.message; } finally { total++; } };

function numeric(n) {
  let i = 0, x = 0.5, bits = 1;
  while (i < n) {
    x = x * 1.0001 + i / 3 - 0.25;
    bits = ((bits << 3) ^ (bits >>> 2) ^ (i & 255) | (i >> 1)) & 0x3ffffff;
    if (x > 1000.5) x = -x; else if (x <= -50.25) x -= 7; else if (i >= n || x !== x) x = 0;
    i += 1;
    if (i % 7 === 3) bits = ~bits & 0xffff;
    sink(-i % 5 + (i < x ? 1 : 0) + (x >= i ? 2 : 0) + (i === 4 ? 3 : 0));
  }
  for (let k = n; k > 0; k--) bits += k * k;
  for (var down = 1e10; down > 1; down = down / 2) x = Math.max(x, Math.floor(down)) ** 0.5;
  let big = 0x3ffffff0;
  for (let k = 0; k < 40; k++) { big++; x = big + 0x3fffff00; x = -big - 0x3fffff00; bits = (big << 4) | (big >>> 0); }
  return x + bits + Math.min(n, 3) + Math.abs(-2.5) + Math.round(x) + parseInt("12") + Number("1.5");
}
function texts(n) {
  let text = "", count = 0;
  for (let i = 0; i < n; i++) text += i % 2 ? "ab" + i : `c${i}-`;
  for (let i = 0; i < text.length; i++) { if (text.charCodeAt(i) === 97 || text[i] === "c") count++; }
  const words = text.split("-"), byLength = {};
  for (const word of words) byLength[word.length] = (byLength[word.length] || 0) + 1;
  for (const key in byLength) sink(byLength[key]);
  sink(words.map((w) => w.toUpperCase()).join("+").slice(3, 9) + text.indexOf("ab5") + text.replace(/b(\d)/g, "[$1]").length);
  return count + ("x" < "y") + ("a" == "a") + (text === "nothing") + text.substring(2, 4).trim().padStart(4, "0").startsWith("0");
}
function collections(n) {
  const list = [], map = new Map(), set = new Set();
  for (let i = 0; i < n; i++) { list.push((i * 7919) % 101); map.set("k" + i % 13, i); set.add(i % 11); list[i] = list[i] + 0.5; }
  list.sort((a, b) => a - b);
  for (const [key, value] of map) sink(key.length + value);
  for (const value of set) sink(value);
  const [a, b = 2, ...more] = list, { x, y: { z = 3 } = {}, ...others } = { x: 1, q: 2, r: 3 };
  const squares = list.filter((v) => v > 3).map((v) => v * v), typed = new Float64Array(8), bytes = new Uint8Array(8);
  for (let i = 0; i < 8; i++) { typed[i] = i * 1.5; bytes[i] = i * 40; sink(typed[i] + bytes[i]); }
  const copy = { ...others, list: [...squares, a, b], nested: { deep: [[1], [2, 3]] } };
  const text = JSON.stringify(copy), back = JSON.parse(text);
  delete back.q;
  return squares.reduce((s, v) => s + v, 0) + more.length + x + z + text.length + Object.keys(back).length + (map.get("k1") ?? 0) + (back?.nested?.deep.length || 0);
}
function closures(n) {
  const made = [];
  for (let i = 0; i < n; i++) { let own = i; made.push(() => { own += i; return own; }); }
  for (const f of made) sink(f() + f());
  outer: for (let i = 0; i < n; i++) for (let k = 0; ; k++) { if (k > 2) continue outer; if (i > 5) break outer; }
  switch (n & 3) { case 0: sink(1); break; case 1: sink(2); default: sink(3); }
  return made.length;
}
async function later(n) {
  for (let i = 0; i < n; i++) sink(await i);
  await Promise.all([1, Promise.resolve(2)]);
}

for (let round = 0; round < 3; round++) {
  sink(fib(10) + numeric(60) + texts(40) + collections(40) + closures(12) + rest(1, 2, 3) + args(1, 2));
  for (let i = 0; i < 20; i++) {
    const circle = new Circle(i).grow(2), legacy = new Legacy(i);
    circle.hidden = i;
    sink(circle.area + circle.hidden + legacy.twice() + (circle instanceof Shape) + ("radius" in circle) + Shape.made);
    sink(thrower(i));
    circle["size"] += 1;
  }
  const generator = numbers(12);
  for (const value of generator) sink(value);
  sink([...numbers(5)].length + [1, 2, 3].includes(2) + Object.entries({ a: 1 }).length);
  const match = /(\w+)-(\d+)/.exec("abc-123");
  sink(match[1] + match.index + (void 0 ?? "none") + typeof match + (null == undefined));
}
later(5);
