// with statements: which object has a name is found out each time, on reading, writing, calling, deleting.
var log = [];
var outer = "outer";
var target = { a: 1, b: { c: 2 }, method: function () { return this === target; } };

with (target) {
  log.push(a, b.c, method(), typeof a, typeof missing, outer);
  a = 10;
  a += 5;
  a++;
  var made = a;
  outer = "changed";
  fresh = "global";
  log.push(delete b, typeof b);
}
log.push(target.a, made, outer, fresh, "b" in target);

function closures(object) {
  var list = [];
  with (object) {
    list.push(() => value, (given) => { value = given; }, function () { return typeof value; });
  }
  return list;
}
var holder = { value: 1 };
var [get, put, kind] = closures(holder);
put(2);
log.push(get(), holder.value, kind());
delete holder.value;
log.push(kind());
try {
  get();
} catch (error) {
  log.push(error.name, error.message);
}

// Names that an object asks not to be taken from it, and getters that are asked once for each use.
var asked = 0;
var hidden = { shown: 1, kept: 2, get counted() { return ++asked; }, [Symbol.unscopables]: { kept: true } };
var kept = "outside";
with (hidden) log.push(shown, kept, counted, counted, asked);

// Inner objects go first; what no object has is looked for outside.
with ({ x: 1, y: 1 }) with ({ y: 2, z: 2 }) log.push(x, y, z, outer);

// Values of all kinds are turned into objects, undefined and null are not.
with ("text") log.push(length, charAt(1));
for (var bad of [undefined, null]) {
  try {
    with (bad) log.push("no");
  } catch (error) {
    log.push(error.name);
  }
}

// Within generators the object waits, and in loops it is another one each time.
function* steps(list) {
  for (var one of list) with (one) { yield id; id = yield id * 2; }
}
var things = [{ id: 1 }, { id: 2 }];
var iterator = steps(things);
var result = iterator.next();
while (!result.done) {
  log.push(result.value);
  result = iterator.next(result.value * 10);
}
log.push(things[0].id, things[1].id);

with ({ list: [3, 1, 2], compare: (p, q) => p - q }) log.push(list.sort(compare).join());
with ({ p: { q: 1 } }) {
  p.q ||= 5;
  p.r ??= 6;
  var { q, r } = p;
  [p] = [7];
  log.push(q, r, p);
}
label: with ({ stop: true }) {
  if (stop) break label;
  log.push("never");
}
console.log(log.map(String).join("\n"));
