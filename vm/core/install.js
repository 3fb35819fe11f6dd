// What the other files define built-ins with: the objects that exist before any core code runs, the well-known symbols,
// and helpers that give properties the attributes of the specification (ECMA-262 section 18). It runs first and may
// assume nothing but the intrinsics. The literals passed to the helpers are garbage once the core is built.

const ObjectPrototype = $rootValue("ObjectPrototype");
const FunctionPrototype = $rootValue("FunctionPrototype");
const ArrayPrototype = $rootValue("ArrayPrototype");
const globalObject = $rootValue("global");

// Attributes of properties, as in $getOwn and $define.
const WRITABLE = 1;
const ENUMERABLE = 2;
const CONFIGURABLE = 4;
const ACCESSOR = 8;
const ALL = 7;
const HIDDEN = 5;

const symbolIterator = $newSymbol("Symbol.iterator");
const symbolAsyncIterator = $newSymbol("Symbol.asyncIterator");
const symbolHasInstance = $newSymbol("Symbol.hasInstance");
const symbolToPrimitive = $newSymbol("Symbol.toPrimitive");
const symbolToStringTag = $newSymbol("Symbol.toStringTag");
const symbolSpecies = $newSymbol("Symbol.species");
const symbolIsConcatSpreadable = $newSymbol("Symbol.isConcatSpreadable");
const symbolUnscopables = $newSymbol("Symbol.unscopables");
const symbolMatch = $newSymbol("Symbol.match");
const symbolMatchAll = $newSymbol("Symbol.matchAll");
const symbolReplace = $newSymbol("Symbol.replace");
const symbolSearch = $newSymbol("Symbol.search");
const symbolSplit = $newSymbol("Symbol.split");
$root("symbol:iterator", symbolIterator);
$root("symbol:asyncIterator", symbolAsyncIterator);
$root("symbol:hasInstance", symbolHasInstance);
$root("symbol:toPrimitive", symbolToPrimitive);
$root("symbol:toStringTag", symbolToStringTag);
$root("symbol:species", symbolSpecies);
$root("symbol:isConcatSpreadable", symbolIsConcatSpreadable);
$root("symbol:unscopables", symbolUnscopables);
$root("symbol:match", symbolMatch);
$root("symbol:matchAll", symbolMatchAll);
$root("symbol:replace", symbolReplace);
$root("symbol:search", symbolSearch);
$root("symbol:split", symbolSplit);

/** 10.2.9 SetFunctionName, for a function that has no name yet (a class may have a static one). */
$root("setFunctionName", function (f, key, prefix) {
  if ($getOwn(f, "name") >= 0 && $getOwnValue(f, "name") !== "") return;
  let name = key;
  if (typeof key === "symbol") {
    const description = $description(key);
    name = description === undefined ? "" : `[${description}]`;
  }
  $setFunctionName(f, prefix === 0 ? `${name}` : prefix === 1 ? `get ${name}` : `set ${name}`);
});

/** Copies the members of a literal to `target` with the given attributes; accessors stay accessors. */
function defineMembers(target, members, attributes) {
  const keys = $ownKeys(members);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    const value = $getOwnValue(members, key);
    if ($getOwn(members, key) & ACCESSOR) $defineAccessor(target, key, $accessorGet(value), $accessorSet(value), attributes & CONFIGURABLE);
    else $define(target, key, value, attributes);
  }
  return target;
}

/** Methods and accessors of a built-in: not enumerable. */
function defineMethods(target, members) {
  return defineMembers(target, members, HIDDEN);
}

/** Constants of a built-in: neither writable, enumerable nor configurable. */
function defineConstants(target, members) {
  return defineMembers(target, members, 0);
}

/** Symbol.toStringTag of a prototype or namespace object. */
function defineTag(target, tag) {
  $define(target, symbolToStringTag, tag, CONFIGURABLE);
  return target;
}

/** Joins a constructor and its prototype object (whose own properties are `members`) and makes it a global. */
function defineConstructor(constructor, prototype, statics, members) {
  $define(constructor, "prototype", prototype, 0);
  $define(prototype, "constructor", constructor, HIDDEN);
  defineMethods(constructor, statics);
  defineMethods(prototype, members);
  $define(globalObject, $functionInfo(constructor, 2), constructor, HIDDEN);
  return constructor;
}

/** Sets `length` of methods that take their arguments as a list. */
function setLengths(target, lengths) {
  const keys = $ownKeys(lengths);
  for (let i = 0; i < keys.length; i++) $define($getOwnValue(target, keys[i]), "length", $getOwnValue(lengths, keys[i]), CONFIGURABLE);
}

/** A global object that is not a constructor (Math, JSON, …). */
function defineNamespace(name, members) {
  const object = defineTag(defineMethods($newObject(ObjectPrototype), members), name);
  $define(globalObject, name, object, HIDDEN);
  return object;
}

/** The accessor Symbol.species, whose getter is shared by all constructors that have it. */
function defineSpecies(constructor) {
  $defineAccessor(constructor, symbolSpecies, speciesGetter, undefined, CONFIGURABLE);
}
const speciesGetter = $accessorGet($getOwnValue({ get [symbolSpecies]() { return this; } }, symbolSpecies));
