// The arguments object of a sloppy function, tied to its parameters also where inner functions change them, elements are
// deleted, or their attributes change.
const log = (...list) => console.log(list.map(String).join(" "));
function innerParameter(a, b) {
  const change = () => { a = "changed"; };
  change();
  return [arguments[0], arguments[1], arguments.length].join();
}
log(innerParameter(1, 2), innerParameter(), innerParameter(1, 2, 3));
function innerElement(a) {
  [1].forEach(() => { arguments[0] = "by the arrow"; });
  return a;
}
log(innerElement(1), innerElement());
function deleted(a, b) {
  delete arguments[0];
  arguments[0] = "apart";
  arguments[1] = "tied";
  b += "!";
  return [a, b, arguments[0], arguments[1]].join();
}
log(deleted(1, 2));
function attributes(a, b, c) {
  const set = (value) => { a = b = c = value; };
  Object.defineProperty(arguments, "0", { writable: false });
  Object.defineProperty(arguments, "1", { get() { return "accessor"; } });
  Object.defineProperty(arguments, "2", { value: "given", configurable: false });
  log(a, b, c);
  set("later");
  log(arguments[0], arguments[1], arguments[2], JSON.stringify(Object.getOwnPropertyDescriptor(arguments, "0")), JSON.stringify(Object.getOwnPropertyDescriptor(arguments, 2)));
  return delete arguments[2];
}
log(attributes("x", "y", "z"));
function beyond(a) {
  const set = () => { a = "set"; };
  set();
  arguments[5] = "six";
  arguments.length = 7;
  return [Object.keys(arguments), arguments.length, arguments[1], arguments[5], 5 in arguments, 6 in arguments].join(" ");
}
log(beyond(1, 2));
function gone(a) {
  (() => { a++; })();
  return [[...arguments], Array.prototype.map.call(arguments, (x) => x * 2), Object.prototype.toString.call(arguments), typeof arguments.callee, Reflect.ownKeys(arguments).length].join(" ");
}
log(gone(1, 2));
function passed(a) {
  const collect = function () { return [].slice.call(arguments).join("-"); };
  const more = () => { a = a + 1; return collect.apply(null, arguments); };
  return more() + more();
}
log(passed(1, "rest"));
function twice(a, a) {
  (() => { a = "second"; })();
  return arguments[1];
}
log(twice(1, 2));
function* generator(index, value) {
  const set = (x) => { index = x; };
  set("generated");
  yield arguments[0];
  arguments[1] = "value";
  set(3);
  yield value;
  yield arguments[0];
}
log([...generator(1, 2)]);
function defined(a, b) {
  Object.defineProperty(arguments, "0", { value: 20, writable: false });
  arguments[1] = 3;
  arguments[0] = 4;
  return [a, b, arguments[0]].join();
}
log(defined(1, 2));
Object.prototype.get = () => "of all objects";
log(innerParameter(1, 2));
delete Object.prototype.get;
