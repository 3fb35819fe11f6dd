// Functions that are alike but for their constants: what one has seen of an object is not the other's.
function first(o) { return o.x; }
function second(o) { return o.y; }
function put(o, v) { o.x = v; }
function place(o, v) { o.y = v; }
const point = { x: 1, y: 2 };
let sum = 0;
for (let i = 0; i < 400; i++) {
  sum += first(point) * 3 + second(point);
  put(point, i);
  place(point, -i);
}
console.log(sum, point);
const low = { go() { return "low"; } }, both = { go() { return "go"; }, stop() { return "stop"; } };
function go(o) { return o.go(); }
function stop(o) { return o.stop(); }
const child = Object.create(both);
let text = "";
for (let i = 0; i < 40; i++) text += go(child) + stop(child)[0];
console.log(text.length, text.slice(-8), go(low));
