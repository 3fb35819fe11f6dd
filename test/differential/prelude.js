// What every generated program begins with, on both sides: a log whose form depends on nothing that engines may choose
// (no stacks, no messages but those that the program made, which begin with "m:"), and values that tell in the log what is
// done to them. All that it calls is kept here before the program can change it. The runner puts it into the program as an
// expression whose value is taken apart.
(function () {
  "use strict";
  const write = console.log;
  const { ownKeys, getOwnPropertyDescriptor, getPrototypeOf, isExtensible, apply } = Reflect;
  const { stringify } = JSON;
  const { slice: textSlice, startsWith } = String.prototype;
  const { forEach: mapEach, get: mapGet } = Map.prototype;
  const { forEach: setEach } = Set.prototype;
  const { getTime } = Date.prototype;
  const { now } = Date;
  const { then } = Promise.prototype;
  const { toString: symbolText } = Symbol.prototype;
  const PromiseClass = Promise, ErrorClass = Error, ProxyClass = Proxy;
  const { iterator, asyncIterator, toPrimitive } = Symbol;
  const reflect = { ...Object.fromEntries(ownKeys(Reflect).filter((key) => typeof key === "string").map((key) => [key, Reflect[key]])) };
  const boxes = { Number: Number.prototype.valueOf, String: String.prototype.valueOf, Boolean: Boolean.prototype.valueOf, BigInt: BigInt.prototype.valueOf, Symbol: Symbol.prototype.valueOf };
  const regexpSource = getOwnPropertyDescriptor(RegExp.prototype, "source").get;
  const regexpFlags = getOwnPropertyDescriptor(RegExp.prototype, "flags").get;

  const LINES_MAX = 300, TICKS_MAX = 800, KEYS_MAX = 30, LINE_MAX = 600;
  let lines = 0, ticks = 0;

  const known = new Map();
  for (const name of ["Object", "Function", "Array", "String", "Number", "Boolean", "Symbol", "BigInt", "Date", "RegExp", "Map", "Set", "WeakMap", "WeakSet", "WeakRef", "Promise",
    "Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "URIError", "AggregateError", "ArrayBuffer", "DataView", "Int8Array", "Uint8Array", "Uint8ClampedArray",
    "Int16Array", "Uint16Array", "Int32Array", "Uint32Array", "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array"]) known.set(globalThis[name].prototype, name);
  known.set(getPrototypeOf(function* () {}), "GeneratorFunction");
  known.set(getPrototypeOf(function* () {}).prototype, "Generator");
  known.set(getPrototypeOf(async function () {}), "AsyncFunction");
  known.set(getPrototypeOf(async function* () {}), "AsyncGeneratorFunction");
  known.set(getPrototypeOf(async function* () {}).prototype, "AsyncGenerator");
  known.set(getPrototypeOf([][iterator]()), "ArrayIterator");
  known.set(getPrototypeOf(new Map()[iterator]()), "MapIterator");
  known.set(getPrototypeOf(new Set()[iterator]()), "SetIterator");
  known.set(getPrototypeOf(""[iterator]()), "StringIterator");

  const nameOf = (prototype) => apply(mapGet, known, [prototype]);
  /** What is there before a program begins is named and not taken apart: engines are of different years. */
  const given = new Map([[globalThis, "global"]]);
  for (const [prototype, name] of known) given.set(prototype, `${name}.prototype`);
  for (const name of ownKeys(globalThis)) {
    const { value, enumerable, configurable } = getOwnPropertyDescriptor(globalThis, name);
    if (enumerable && configurable) reflect.defineProperty(globalThis, name, { enumerable: false });
    if (typeof value === "function" || typeof value === "object" && value !== null) given.set(value, typeof name === "string" ? name : "global symbol");
  }
  given.set(globalThis, "global");
  given.set(getPrototypeOf(Int8Array), "TypedArray");
  given.set(getPrototypeOf(Int8Array.prototype), "TypedArray.prototype");
  given.set(getPrototypeOf(getPrototypeOf([][iterator]())), "Iterator.prototype");
  const isConstructor = (value) => {
    try { apply(reflect.construct, undefined, [Object, [], value]); return true; } catch { return false; }
  };
  /** What the clock gave in the last hour is the same whenever it was. */
  const dateText = (time) => (time > now() - 3.6e6 && time <= now() ? "now" : `${time}`);
  function ownText(object, key) {
    const property = getOwnPropertyDescriptor(object, key);
    return property === undefined ? "?" : "value" in property ? (typeof property.value === "string" ? property.value : `<${typeof property.value}>`) : "<accessor>";
  }
  /** The names of an object's prototypes, as far as the first known one. */
  function kindOf(value) {
    let text = "";
    let prototype = getPrototypeOf(value);
    for (let i = 0; i < 4; i++) {
      if (prototype === null) return { text: `${text}null`, base: "null" };
      const name = nameOf(prototype);
      if (name !== undefined) return { text: text + name, base: name };
      const made = getOwnPropertyDescriptor(prototype, "constructor");
      text += made !== undefined && typeof made.value === "function" ? `${ownText(made.value, "name")}<` : "-<";
      prototype = getPrototypeOf(prototype);
    }
    return { text, base: "far" };
  }
  function quoted(text) {
    return text.length > 80 ? `${stringify(apply(textSlice, text, [0, 60]))}+${text.length - 60}` : stringify(text);
  }
  function keyText(key) {
    return typeof key === "symbol" ? apply(symbolText, key, []) : key;
  }
  function flagsOf({ writable, enumerable, configurable }, isAccessor) {
    if ((writable || isAccessor) && enumerable && configurable) return "";
    return `[${isAccessor ? "" : writable ? "w" : "-"}${enumerable ? "e" : "-"}${configurable ? "c" : "-"}]`;
  }
  function show(value, depth, seen) {
    switch (typeof value) {
      case "string": return quoted(value);
      case "number": return value === 0 && 1 / value < 0 ? "-0" : `${value}`;
      case "bigint": { const text = `${value}`; return text.length > 80 ? `${apply(textSlice, text, [0, 40])}+${text.length}n` : `${text}n`; }
      case "symbol": return apply(symbolText, value, []);
      case "undefined": return "undefined";
      case "boolean": return value ? "true" : "false";
    }
    if (value === null) return "null";
    const name = apply(mapGet, given, [value]);
    if (name !== undefined) return `<${name}>`;
    for (let i = 0; i < seen.length; i++) if (seen[i] === value) return `^${i}`;
    seen[seen.length] = value;
    const isFunction = typeof value === "function";
    const { text: kind, base } = kindOf(value);
    let text = isFunction ? `function ${ownText(value, "name")}:${kind}` : kind;
    if (depth > 3 || seen.length > 30) return `${text}…`;
    const isError = nameIsError(base);
    if (base === "Date") text += inner(() => dateText(apply(getTime, value, [])));
    else if (base === "RegExp") text += inner(() => `/${apply(regexpSource, value, [])}/${apply(regexpFlags, value, [])}`);
    else if (base === "Map") text += inner(() => { let all = ""; apply(mapEach, value, [(item, key) => { all += `${show(key, depth + 1, seen)}=>${show(item, depth + 1, seen)},`; }]); return all; });
    else if (base === "Set") text += inner(() => { let all = ""; apply(setEach, value, [(item) => { all += `${show(item, depth + 1, seen)},`; }]); return all; });
    else if (boxes[base] !== undefined) text += inner(() => show(apply(boxes[base], value, []), depth, seen));
    const keys = ownKeys(value);
    let all = "";
    let count = 0;
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i];
      if (isFunction && (key === "arguments" || key === "caller" || key === "name" || key === "prototype" && depth > 0)) continue;
      if (base === "far" && key === "constructor") continue;
      if (key === "stack") continue;
      const property = getOwnPropertyDescriptor(value, key);
      if (property === undefined) { all += `,${keyText(key)}?`; continue; }
      if (isError && key === "message" && !(typeof property.value === "string" && apply(startsWith, property.value, ["m:"]))) continue;
      if (++count > KEYS_MAX) { all += ",…"; break; }
      const isAccessor = !("value" in property);
      all += `,${keyText(key)}${flagsOf(property, isAccessor)}`;
      all += isAccessor ? `:<${property.get === undefined ? "" : "get"}${property.set === undefined ? "" : "set"}>` : `:${show(property.value, depth + 1, seen)}`;
    }
    return `${text}${isExtensible(value) ? "" : "!"}{${apply(textSlice, all, [1])}}`;
  }
  function nameIsError(name) {
    return name === "Error" || name === "TypeError" || name === "RangeError" || name === "SyntaxError" || name === "ReferenceError" || name === "EvalError" || name === "URIError" || name === "AggregateError";
  }
  function inner(make) {
    try { return `(${make()})`; } catch (error) { return "(none)"; }
  }

  function log(tag, ...values) {
    if (lines++ >= LINES_MAX) return;
    let line = tag;
    for (let i = 0; i < values.length; i++) {
      try { line += ` ${show(values[i], 0, [])}`; } catch (error) { line += ` <show: ${typeof error === "object" && error !== null && error !== STOP ? kindOf(error).text : typeof error}>`; }
    }
    write(line.length > LINE_MAX ? `${apply(textSlice, line, [0, LINE_MAX])}…` : line);
  }
  const STOP = { __proto__: null, stopped: true };
  /** Called by every function and turn of a loop: throws when the program has done enough. */
  function tick() {
    if (++ticks > TICKS_MAX) throw STOP;
  }
  function t(tag, value) {
    tick();
    log(tag, value);
    return value;
  }
  function fail(tag) {
    tick();
    log(`throws ${tag}`);
    throw new ErrorClass(`m:${tag}`);
  }
  /** An object that tells of its conversions. */
  function ob(tag, value, way) {
    const valueOf = () => { tick(); log(`${tag}.valueOf`); return value; };
    const toString = () => { tick(); log(`${tag}.toString`); return `${tag}`; };
    switch (way) {
      case 0: return { [toPrimitive]: (hint) => { tick(); log(`${tag}.toPrimitive`, hint); return value; } };
      case 1: return { valueOf, toString };
      case 2: return { valueOf: () => { log(`${tag}.valueOf`); return {}; }, toString };
      case 3: return { [toPrimitive]: undefined, get valueOf() { log(`${tag} get valueOf`); return valueOf; }, get toString() { log(`${tag} get toString`); return () => { log(`${tag}.toString`); return value; }; } };
      case 4: return { [toPrimitive]: () => fail(tag) };
      default: return { valueOf: 1, toString: () => ({}) };
    }
  }
  /** An iterable that tells of the protocol. */
  function it(tag, list, way) {
    return {
      [iterator]() {
        tick();
        log(`${tag}.iterator`);
        if (way === 7) return 1;
        let at = 0;
        const result = {
          next(value) {
            tick();
            log(`${tag}.next`, value);
            if (way === 3 && at === list.length) fail(`${tag}.next`);
            if (way === 5) return { get done() { log(`${tag}.done`); return at >= list.length; }, get value() { log(`${tag}.value`); return list[at++]; } };
            if (way === 8 && at === 1) return "result";
            return at < list.length ? { done: false, value: list[at++] } : { done: true, value: `${tag} end` };
          },
        };
        if (way !== 1) result.return = function (value) { tick(); log(`${tag}.return`, value); return way === 2 ? fail(`${tag}.return`) : way === 4 ? 3 : { done: true, value }; };
        if (way === 6) result.throw = function (error) { tick(); log(`${tag}.throw`, error); return { done: true, value: error }; };
        if (way === 9) result.return = null;
        return result;
      },
    };
  }
  /** The same for async iteration. */
  function ait(tag, list, way) {
    const inside = it(tag, list, way)[iterator];
    return { [asyncIterator]() {
      const iterated = apply(inside, undefined, []);
      if (typeof iterated !== "object") return iterated;
      const { next, return: close } = iterated;
      return { __proto__: iterated, next: (value) => way === 1 ? apply(next, iterated, [value]) : PromiseClass.resolve(apply(next, iterated, [value])), ...(close && { return: async (value) => apply(close, iterated, [value]) }) };
    } };
  }
  /** A proxy that tells of its traps. */
  function px(tag, target) {
    const handler = {};
    for (const name of ["get", "set", "has", "deleteProperty", "defineProperty", "getOwnPropertyDescriptor", "ownKeys", "getPrototypeOf", "setPrototypeOf", "isExtensible", "preventExtensions", "apply", "construct"]) {
      handler[name] = (...list) => {
        tick();
        log(`${tag}:${name}${typeof list[1] === "string" || typeof list[1] === "symbol" ? ` ${keyText(list[1])}` : ""}`);
        return apply(reflect[name], undefined, list);
      };
    }
    return new ProxyClass(target, handler);
  }
  /** A thenable that tells when it is asked. */
  function th(tag, value, way) {
    return { get then() {
      tick();
      log(`${tag} get then`);
      if (way === 4) return undefined;
      return (resolve, reject) => {
        tick();
        log(`${tag}.then`);
        if (way === 1) reject(value);
        else if (way === 2) fail(tag);
        else { resolve(value); if (way === 3) { reject(value); fail(tag); } }
      };
    } };
  }
  function settle(tag, promise) {
    if (!(promise instanceof PromiseClass)) return log(`${tag} no promise`, promise);
    apply(then, promise, [(value) => log(`${tag} fulfilled`, value), (error) => log(`${tag} rejected`, error)]);
  }
  /** Drives a generator: n next, r return, t throw. */
  function drive(tag, generator, moves) {
    for (let i = 0; i < moves.length; i++) {
      try {
        tick();
        const move = moves[i];
        const result = move === "n" ? generator.next(`${tag}n${i}`) : move === "r" ? generator.return(`${tag}r${i}`) : generator.throw(new ErrorClass(`m:${tag}t${i}`));
        if (result instanceof PromiseClass) settle(`${tag} ${move}${i}`, result);
        else log(`${tag} ${move}${i}`, result);
      } catch (error) {
        log(`${tag} ${moves[i]}${i} threw`, error);
        if (error === STOP) return;
      }
    }
  }
  function section(number, body) {
    log(`-- ${number}`);
    try {
      const result = apply(body, { self: 1 }, []);
      if (result instanceof PromiseClass) settle(`section ${number}`, result);
      else log(`= ${number}`, result);
    } catch (error) {
      log(`section ${number} threw`, error);
    }
  }
  /** The result of a call, or what it threw. */
  function run(tag, body) {
    try { log(tag, body()); } catch (error) { log(`${tag} threw`, error); }
  }
  /** What a class can extend: V8 finds out too late that it cannot extend the rest. */
  function base(value) {
    if (value === null || isConstructor(value) && (typeof value.prototype === "object" || typeof value.prototype === "function")) return value;
    throw new ErrorClass("m:base");
  }
  return { log, tick, t, fail, ob, it, ait, px, th, settle, drive, section, run, base };
})()
