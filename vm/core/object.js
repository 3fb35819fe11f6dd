// Object (ECMA-262 section 20.1), with the accessors of annex B that programs still use. The internal methods that it
// is made of are in property.js; nothing here looks into an object by itself.

/** 20.1.1.1 Object(value). */
function Object(value) {
  if (new.target !== undefined && new.target !== Object) return $newObject(prototypeOf(new.target, ObjectPrototype));
  return value === undefined || value === null ? {} : toObject(value);
}

defineConstructor(Object, ObjectPrototype, {
  assign(target, ...sources) {
    const to = toObject(target);
    for (let i = 0; i < sources.length; i++) {
      const source = sources[i];
      if (source === undefined || source === null) continue;
      const from = toObject(source);
      const keys = ownKeys(from);
      for (let j = 0; j < keys.length; j++) {
        const key = keys[j];
        const attributes = ownAttributes(from, key);
        if (attributes >= 0 && attributes & ENUMERABLE) to[key] = from[key];
      }
    }
    return to;
  },
  create(prototype, properties) {
    if (prototype !== null && !$isObject(prototype)) $throw(BAD_PROTOTYPE, prototype, undefined);
    const object = $newObject(prototype);
    return properties === undefined ? object : defineAll(object, properties);
  },
  defineProperties(object, properties) {
    return defineAll(requireObject(object, "Object.defineProperties"), properties);
  },
  defineProperty(object, key, attributes) {
    requireObject(object, "Object.defineProperty");
    const name = toPropertyKey(key);
    defineOrThrow(object, name, toDescriptor(attributes));
    return object;
  },
  entries(object) {
    return enumerableOwn(toObject(object), 2);
  },
  freeze(object) {
    if ($isObject(object) && !setIntegrity(object, true)) throwTypeError("Cannot freeze array buffer views with elements");
    return object;
  },
  fromEntries(iterable) {
    const object = {};
    iterate(iterable, (entry) => {
      if (!$isObject(entry)) throwTypeError(`Iterator value ${describe(entry)} is not an entry object`);
      const key = entry[0];
      const value = entry[1];
      $define(object, toPropertyKey(key), value, ALL);
    });
    return object;
  },
  getOwnPropertyDescriptor(object, key) {
    const o = toObject(object);
    return fromOwnProperty(o, toPropertyKey(key));
  },
  getOwnPropertyDescriptors(object) {
    const o = toObject(object);
    const keys = ownKeys(o);
    const result = {};
    for (let i = 0; i < keys.length; i++) {
      const descriptor = fromOwnProperty(o, keys[i]);
      if (descriptor !== undefined) $define(result, keys[i], descriptor, ALL);
    }
    return result;
  },
  getOwnPropertyNames(object) {
    return keysOfType(object, "string");
  },
  getOwnPropertySymbols(object) {
    return keysOfType(object, "symbol");
  },
  getPrototypeOf(object) {
    return $getPrototype(toObject(object));
  },
  groupBy(items, callback) {
    const groups = $newObject(null);
    const keys = [];
    const lists = groupInto(items, callback, toPropertyKey, keys);
    for (let i = 0; i < keys.length; i++) $define(groups, keys[i], lists[i], ALL);
    return groups;
  },
  hasOwn(object, key) {
    const o = toObject(object);
    return ownAttributes(o, toPropertyKey(key)) >= 0;
  },
  is(a, b) {
    "fast: objectIs";
    return $sameValue(a, b);
  },
  isExtensible(object) {
    return $isObject(object) && $isExtensible(object);
  },
  isFrozen(object) {
    return testIntegrity(object, true);
  },
  isSealed(object) {
    return testIntegrity(object, false);
  },
  keys(object) {
    return enumerableOwn(toObject(object), 0);
  },
  preventExtensions(object) {
    if ($isObject(object) && !$preventExtensions(object)) throwFalsish();
    return object;
  },
  seal(object) {
    if ($isObject(object)) setIntegrity(object, false);
    return object;
  },
  setPrototypeOf(object, prototype) {
    if (object === undefined || object === null) throwTypeError("Object.setPrototypeOf called on null or undefined");
    changePrototype(object, prototype, true);
    return object;
  },
  values(object) {
    return enumerableOwn(toObject(object), 1);
  },
}, {
  hasOwnProperty(key) {
    "fast: hasOwnProperty";
    const name = toPropertyKey(key);
    return ownAttributes(toObject(this), name) >= 0;
  },
  isPrototypeOf(value) {
    if (!$isObject(value)) return false;
    const object = toObject(this);
    for (let o = $getPrototype(value); o !== null; o = $getPrototype(o)) if (o === object) return true;
    return false;
  },
  propertyIsEnumerable(key) {
    const name = toPropertyKey(key);
    const attributes = ownAttributes(toObject(this), name);
    return attributes >= 0 && (attributes & ENUMERABLE) !== 0;
  },
  toLocaleString() {
    return this.toString();
  },
  toString() {
    if (this === undefined) return "[object Undefined]";
    if (this === null) return "[object Null]";
    const object = toObject(this);
    const standard = builtinTag(object);
    const tag = object[symbolToStringTag];
    return `[object ${typeof tag === "string" ? tag : standard}]`;
  },
  valueOf() {
    return toObject(this);
  },
  get __proto__() {
    return $getPrototype(toObject(this));
  },
  set __proto__(prototype) {
    if (this === undefined || this === null) throwTypeError("Object.prototype.__proto__ called on null or undefined");
    if (prototype === null || $isObject(prototype)) changePrototype(this, prototype, true);
  },
  __defineGetter__(key, getter) {
    const object = toObject(this);
    requireCallable(getter);
    defineOrThrow(object, toPropertyKey(key), [HAS_GET | ENUMERABLE | CONFIGURABLE, ENUMERABLE | CONFIGURABLE, undefined, getter, undefined]);
  },
  __defineSetter__(key, setter) {
    const object = toObject(this);
    requireCallable(setter);
    defineOrThrow(object, toPropertyKey(key), [HAS_SET | ENUMERABLE | CONFIGURABLE, ENUMERABLE | CONFIGURABLE, undefined, undefined, setter]);
  },
  __lookupGetter__(key) {
    return lookupAccessor(toObject(this), toPropertyKey(key), true);
  },
  __lookupSetter__(key) {
    return lookupAccessor(toObject(this), toPropertyKey(key), false);
  },
});
const objectToString = $getOwnValue(ObjectPrototype, "toString");

function lookupAccessor(object, key, wantsGetter) {
  for (let o = object; o !== null; o = $getPrototype(o)) {
    const attributes = ownAttributes(o, key);
    if (attributes < 0) continue;
    if (!(attributes & ACCESSOR)) return undefined;
    return wantsGetter ? $accessorGet(ownValue(o, key)) : $accessorSet(ownValue(o, key));
  }
}

/** 20.1.3.6, steps 4 to 14. */
function builtinTag(object) {
  if ($isArrayObject(object)) return "Array";
  if ($isCallable(object)) return "Function";
  switch ($brand(object)) {
    case $$BRAND_ERROR: return "Error";
    case $$BRAND_BOOLEAN: return "Boolean";
    case $$BRAND_NUMBER: return "Number";
    case $$BRAND_STRING: return "String";
    case $$BRAND_DATE: return "Date";
    case $$BRAND_REGEXP: return "RegExp";
    case $$BRAND_ARGUMENTS: return "Arguments";
  }
  return "Object";
}

/** 20.1.2.3.1 ObjectDefineProperties: all descriptors are read before any is applied. */
function defineAll(object, properties) {
  const from = toObject(properties);
  const keys = ownKeys(from);
  const names = [];
  const descriptors = [];
  for (let i = 0; i < keys.length; i++) {
    const attributes = ownAttributes(from, keys[i]);
    if (attributes < 0 || !(attributes & ENUMERABLE)) continue;
    $push(names, keys[i]);
    $push(descriptors, toDescriptor(from[keys[i]]));
  }
  for (let i = 0; i < names.length; i++) defineOrThrow(object, names[i], descriptors[i]);
  return object;
}

function keysOfType(object, type) {
  const keys = ownKeys(toObject(object));
  const result = [];
  for (let i = 0; i < keys.length; i++) if (typeof keys[i] === type) $push(result, keys[i]);
  return result;
}

/** 7.3.14 SetIntegrityLevel. */
function setIntegrity(object, frozen) {
  if (frozen && $kind(object) === $$CELL_TYPED_ARRAY && $typedInfo(object, 4) > 0 && $typedInfo(object, 0) !== $$TYPE_DATA_VIEW) return false;
  if ($isProxy(object)) return proxyIntegrity(object, frozen);
  $preventExtensions(object);
  $freezeElements(object);
  const keys = $ownKeys(object);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    const attributes = $getOwn(object, key);
    const kept = attributes & (frozen && !(attributes & ACCESSOR) ? ENUMERABLE : ENUMERABLE | WRITABLE);
    if (isNumericKey(object, key)) continue;
    const value = $getOwnValue(object, key);
    if (attributes & ACCESSOR) $defineAccessor(object, key, $accessorGet(value), $accessorSet(value), kept & ENUMERABLE);
    else $define(object, key, value, kept);
  }
  return true;
}

/** 7.3.15 TestIntegrityLevel. */
function testIntegrity(object, frozen) {
  if (!$isObject(object)) return true;
  if ($isExtensible(object)) return false;
  const keys = ownKeys(object);
  for (let i = 0; i < keys.length; i++) {
    const attributes = ownAttributes(object, keys[i]);
    if (attributes & CONFIGURABLE || frozen && !(attributes & ACCESSOR) && attributes & WRITABLE) return false;
  }
  return true;
}

/** 20.1.2.23, 20.1.3.8.2 and 28.1.14: changes a prototype; false or a TypeError if it must not change. */
function changePrototype(object, prototype, mustWork) {
  if (prototype !== null && !$isObject(prototype)) $throw(BAD_PROTOTYPE, prototype, undefined);
  if (!$isObject(object)) return true;
  const done = object === ObjectPrototype ? prototype === null : $setPrototype(object, prototype);
  if (!done && mustWork) {
    if (object === ObjectPrototype) throwTypeError("Immutable prototype object 'Object.prototype' cannot have their prototype set");
    if ($isProxy(object)) throwRefused("setPrototypeOf", undefined);
    throwTypeError($isExtensible(object) ? "Cyclic __proto__ value" : `${describe(object)} is not extensible`);
  }
  return done;
}

/** 7.3.35 GroupBy: puts the distinct keys into `keys` (same value, zeros alike) and returns their lists. */
function groupInto(items, callback, convert, keys) {
  if (items === undefined || items === null) $throw(NOT_ITERABLE, describeTyped(items), undefined);
  requireCallable(callback);
  const lists = [];
  let table = $newTable(2, false);
  iterate(items, (value, i) => {
    const key = convert($call(callback, undefined, value, i));
    let at = $tableGet(table, key);
    if (at === undefined) {
      at = keys.length;
      $push(keys, key);
      $push(lists, []);
      table = $tableSet(table, key, at);
    }
    $push(lists[at], value);
  });
  return lists;
}
setLengths(Object, { assign: 2 });
