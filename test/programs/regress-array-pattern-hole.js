// A hole in an array pattern, and what Iterator.prototype.drop drops, take a step of the iterator and no value.
function counting(log) {
  let i = 0;
  return {
    [Symbol.iterator]() { return this; },
    next() {
      const value = i++;
      log.push(`next ${value}`);
      return { get done() { log.push("done"); return value > 4; }, get value() { log.push(`value ${value}`); return value; } };
    },
    return() { log.push("return"); return {}; },
  };
}
const log = [];
const [, b, , d] = counting(log);
console.log(b, d, log.join());
log.length = 0;
const [, , , , , , last] = counting(log);
console.log(last, log.join());
log.length = 0;
let other;
[, other = "none"] = counting(log);
console.log(other, log.join());
(([, second]) => console.log(second))([1, 2]);
const [, x] = /(.)b/.exec("ab");
function* numbers() { yield 1; yield 2; yield 3; }
const [, , third, fourth = "end"] = numbers();
console.log(x, third, fourth);
