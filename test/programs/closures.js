// Closures: one binding per iteration, shared variables, counters, captured parameters, loops of every kind.
const fs = [];
for (let i = 0; i < 4; i++) fs.push(() => i++);
console.log(fs.map((f) => f()).join(), fs.map((f) => f()).join());
for (let i = 0, step = () => i; i < 3; i++) { fs.push(step); step = () => i * 100; }
console.log(fs.slice(4).map((f) => f()).join());
var vs = [];
for (var v = 0; v < 3; v++) vs.push(() => v);
console.log(vs.map((f) => f()).join());
const keys = [];
for (const k in { a: 1, b: 2 }) keys.push(() => k);
for (const x of [10, 20]) keys.push(() => x);
for (let { y } of [{ y: 1 }, { y: 2 }]) { y++; keys.push(() => y++); }
console.log(keys.map((f) => f()).join(), keys.map((f) => f()).join());
function account(balance) {
  return { deposit: (n) => (balance += n), withdraw(n) { balance -= n; return balance; }, get balance() { return balance; } };
}
const one = account(10), two = account(100);
one.deposit(5);
two.withdraw(30);
console.log(one.balance, two.balance);
function shared() {
  let count = 0;
  const up = () => ++count, down = () => --count;
  { let count = "inner"; up.label = () => count; }
  return [up, down, () => count];
}
const [up, down, get] = shared();
up(); up(); down();
console.log(get(), up.label());
let w = 0;
const whiles = [];
while (w < 3) { let copy = w++; whiles.push(() => copy); }
do { const last = w; whiles.push(() => last); } while (w++ < 4);
console.log(whiles.map((f) => f()).join());
const compose = (...list) => (x) => list.reduceRight((value, f) => f(value), x);
const curry = (f) => function again(...list) { return list.length >= f.length ? f(...list) : (...more) => again(...list, ...more); };
console.log(compose((x) => x + 1, (x) => x * 2)(5), curry((a, b, c) => a + b + c)(1)(2)(3));
function parameters(a, b = () => a, c = () => b()) { a = "changed"; var d = c(); { function b2() { return a; } } return [b(), d, b2()]; }
console.log(parameters("first"));
const fib = (function () { const memo = new Map(); return function fib(n) { if (n < 2) return n; if (!memo.has(n)) memo.set(n, fib(n - 1) + fib(n - 2)); return memo.get(n); }; })();
console.log(fib(60));
switch (1) { case 0: case 1: let s = 5; fs.push(() => s++); }
console.log(fs[fs.length - 1](), fs[fs.length - 1]());
try { throw { m: 1 }; } catch ({ m }) { fs.push(() => m++); }
console.log(fs[fs.length - 1](), fs[fs.length - 1]());
const deep = (a) => (b) => (c) => (d) => () => [a++, b++, c++, d++].join();
const leaf = deep(1)(2)(3)(4);
console.log(leaf(), leaf());
