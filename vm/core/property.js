// The internal methods of objects (ECMA-262 section 10.1, and 10.4 for strings, arrays, typed arrays and namespaces)
// in full, for where the kernel met an exotic object, a primitive or an attribute that it leaves to the core. The
// intrinsics know arrays, typed arrays and functions; what marks an object exotic is handled here and nowhere else.
// A property descriptor inside the core is an array [mask, attributes, value, get, set]: mask says which fields it has.

const HAS_VALUE = 16;
const HAS_GET = 32;
const HAS_SET = 64;

/** Attributes of an own property or -1: [[GetOwnProperty]] together with ownValue. */
function ownAttributes(object, key) {
  if ($isExotic(object)) {
    if ($brand(object) === $$BRAND_STRING) {
      if (stringIndex(object, key) >= 0) return ENUMERABLE;
    } else if ($brand(object) === $$BRAND_NAMESPACE && typeof key !== "symbol") {
      return namespaceEntry(object, key) < 0 ? -1 : WRITABLE | ENUMERABLE;
    }
  }
  return $getOwn(object, key);
}

/** The value of an own property that is there, or its accessor. */
function ownValue(object, key) {
  if ($isExotic(object)) {
    if ($brand(object) === $$BRAND_STRING) {
      const index = stringIndex(object, key);
      if (index >= 0) return $charAt($slot(object, 0), index);
    } else if ($brand(object) === $$BRAND_NAMESPACE && typeof key !== "symbol") {
      return namespaceValue(object, key);
    }
  }
  return $getOwnValue(object, key);
}

/** Index of a unit of a String object that a key names, or -1. */
function stringIndex(object, key) {
  const index = typeof key === "number" ? key : typeof key === "string" ? $isIndex(key) : -1;
  return index < $slot(object, 0).length ? index : -1;
}

/** [[OwnPropertyKeys]]. */
function ownKeys(object) {
  const keys = $ownKeys(object);
  if (!$isExotic(object)) return keys;
  const all = [];
  if ($brand(object) === $$BRAND_STRING) {
    const length = $slot(object, 0).length;
    for (let i = 0; i < length; i++) $push(all, `${i}`);
  } else if ($brand(object) === $$BRAND_NAMESPACE) {
    $arrayConcat(all, namespaceNames(object));
  }
  $arrayConcat(all, keys);
  return all;
}

/** Is the key a number to a typed array (7.1.21 CanonicalNumericIndexString)? Then ordinary properties are out of play. */
function isNumericKey(object, key) {
  if ($kind(object) !== $$CELL_TYPED_ARRAY || $typedInfo(object, 0) === $$TYPE_DATA_VIEW) return false;
  return typeof key === "number" || (typeof key === "string" && (key === "-0" || $numberToText($textToNumber(key), 10) === key));
}

/** The prototype that a primitive's properties come from. */
function primitivePrototype(value) {
  switch (typeof value) {
    case "string": return StringPrototype;
    case "number": return NumberPrototype;
    case "boolean": return BooleanPrototype;
    case "symbol": return SymbolPrototype;
    case "bigint": return BigIntPrototype;
  }
  return null;
}

/** 10.1.8.1 OrdinaryGet, for any value. */
function getProperty(object, key, receiver) {
  key = toKey(key);
  let o = object;
  if (!$isObject(o)) {
    if (typeof o === "string") {
      if (key === "length") return o.length;
      const index = typeof key === "symbol" ? -1 : $isIndex(`${key}`);
      if (index >= 0 && index < o.length) return $charAt(o, index);
    }
    o = primitivePrototype(o);
  }
  for (; o !== null; o = $getPrototype(o)) {
    if ($isProxy(o)) return proxyGet(o, key, receiver);
    const attributes = ownAttributes(o, key);
    if (attributes >= 0) {
      const value = ownValue(o, key);
      if (!(attributes & ACCESSOR)) return value;
      const getter = $accessorGet(value);
      return getter === undefined ? undefined : $call(getter, receiver);
    }
    if (isNumericKey(o, key)) return undefined;
  }
  return undefined;
}
$root("getProperty", getProperty);

/** A property key as the intrinsics take it: an array index may stay a number. */
function toKey(key) {
  return typeof key === "number" && key >>> 0 === key && key < 4294967295 ? key >>> 0 : toPropertyKey(key);
}

/** 10.1.9.2 OrdinarySetWithOwnDescriptor: 0 if it was set, else the number of the error for strict code. */
function setProperty(object, key, value, receiver) {
  let o = $isObject(object) ? object : primitivePrototype(object);
  for (; o !== null; o = $getPrototype(o)) {
    if (isNumericKey(o, key)) {
      if (o === receiver) {
        typedStore(o, $textToNumber(`${key}`), value);
        return 0;
      }
      if ($getOwn(o, key) < 0) return 0;
    }
    if ($isProxy(o)) return proxySet(o, key, value, receiver);
    if ($brand(o) === $$BRAND_NAMESPACE) return $$ERROR_READ_ONLY;
    const attributes = ownAttributes(o, key);
    if (attributes >= 0) {
      if (attributes & ACCESSOR) {
        const setter = $accessorSet(ownValue(o, key));
        if (setter === undefined) return $$ERROR_NO_SETTER;
        $call(setter, receiver, value);
        return 0;
      }
      if (!(attributes & WRITABLE)) return $$ERROR_READ_ONLY;
      break;
    }
  }
  if (!$isObject(receiver)) return typeof object === "string" && typeof key !== "symbol" && $isIndex(`${toText(key)}`) >>> 0 < object.length ? $$ERROR_READ_ONLY : $$ERROR_PRIMITIVE;
  const own = ownAttributes(receiver, key);
  if (own < 0) return defineOwn(receiver, key, [HAS_VALUE | ALL, ALL, value, undefined, undefined]) ? 0 : $$ERROR_NOT_EXTENSIBLE;
  if (own & ACCESSOR || !(own & WRITABLE)) return $$ERROR_READ_ONLY;
  return defineOwn(receiver, key, [HAS_VALUE, 0, value, undefined, undefined]) ? 0 : $$ERROR_READ_ONLY;
}
function setPropertyOrThrow(object, key, value, receiver, strict) {
  key = toKey(key);
  const failure = setProperty(object, key, value, receiver);
  if (failure !== 0 && strict) $throw(failure, key, receiver);
}
$root("setProperty", setPropertyOrThrow);

/** Stores at a numeric key of a typed array: converts first, then ignores an index that is not there. */
function typedStore(array, index, value) {
  const element = toElement($typedInfo(array, 0), value);
  if ($math(3, index) === index && !$sameValue(index, -0) && index >= 0 && index < $typedInfo(array, 4)) $typedFill(array, element, index, index + 1);
}

/** 10.1.7.1 OrdinaryHasProperty. */
function hasProperty(object, key) {
  for (let o = object; o !== null; o = $getPrototype(o)) {
    if ($isProxy(o)) return proxyHas(o, key);
    if (ownAttributes(o, key) >= 0) return true;
    if (isNumericKey(o, key)) return false;
  }
  return false;
}

/** 10.1.10 [[Delete]]. */
function deleteProperty(object, key) {
  if ($isProxy(object)) return proxyDelete(object, key);
  const attributes = ownAttributes(object, key);
  if (attributes < 0) return true;
  if (!(attributes & CONFIGURABLE) || isNumericKey(object, key) || $brand(object) === $$BRAND_NAMESPACE && typeof key !== "symbol") return false;
  $deleteOwn(object, key);
  return true;
}
$root("deleteProperty", function (object, key, strict) {
  key = toPropertyKey(key);
  const done = deleteProperty(toObject(object), key);
  if (!done && strict) $throw(NOT_DELETABLE, key, object);
  return done;
});

/** 6.2.6.5 ToPropertyDescriptor. */
function toDescriptor(value) {
  if (!$isObject(value)) throwTypeError(`Property description must be an object: ${describe(value)}`);
  let mask = 0;
  let attributes = 0;
  const descriptor = [0, 0, undefined, undefined, undefined];
  if ("enumerable" in value) {
    mask |= ENUMERABLE;
    if (value.enumerable) attributes |= ENUMERABLE;
  }
  if ("configurable" in value) {
    mask |= CONFIGURABLE;
    if (value.configurable) attributes |= CONFIGURABLE;
  }
  if ("value" in value) {
    mask |= HAS_VALUE;
    descriptor[2] = value.value;
  }
  if ("writable" in value) {
    mask |= WRITABLE;
    if (value.writable) attributes |= WRITABLE;
  }
  if ("get" in value) {
    mask |= HAS_GET;
    descriptor[3] = descriptorFunction(value.get, "Getter");
  }
  if ("set" in value) {
    mask |= HAS_SET;
    descriptor[4] = descriptorFunction(value.set, "Setter");
  }
  if (mask & (HAS_GET | HAS_SET) && mask & (HAS_VALUE | WRITABLE)) {
    throwTypeError("Invalid property descriptor. Cannot both specify accessors and a value or writable attribute");
  }
  descriptor[0] = mask;
  descriptor[1] = attributes;
  return descriptor;
}

function descriptorFunction(value, what) {
  if (value !== undefined && !$isCallable(value)) throwTypeError(`${what} must be a function: ${describe(value)}`);
  return value;
}

/** 6.2.6.4 FromPropertyDescriptor, of an own property; undefined if there is none. */
function fromOwnProperty(object, key) {
  const attributes = ownAttributes(object, key);
  if (attributes < 0) return undefined;
  const value = ownValue(object, key);
  const enumerable = (attributes & ENUMERABLE) !== 0;
  const configurable = (attributes & CONFIGURABLE) !== 0;
  if (attributes & ACCESSOR) return { get: $accessorGet(value), set: $accessorSet(value), enumerable, configurable };
  return { value, writable: (attributes & WRITABLE) !== 0, enumerable, configurable };
}

/** [[DefineOwnProperty]]: 10.1.6.3 ValidateAndApplyPropertyDescriptor, and what arrays, strings, typed arrays and namespaces add. */
function defineOwn(object, key, descriptor) {
  if ($isProxy(object)) return proxyDefine(object, key, descriptor);
  const mask = descriptor[0];
  let attributes = descriptor[1];
  let value = descriptor[2];
  if ($isArray(object)) {
    if (key === "length") return defineArrayLength(object, descriptor);
    const index = typeof key === "symbol" ? -1 : $isIndex(`${key}`);
    if (index >= object.length && index < 4294967295 && !($getOwn(object, "length") & WRITABLE)) return false;
  } else if (isNumericKey(object, key)) {
    if ($getOwn(object, key) < 0 || mask & (HAS_GET | HAS_SET) || (mask & ALL & ~attributes) !== 0) return false;
    if (mask & HAS_VALUE) typedStore(object, $textToNumber(`${key}`), value);
    return true;
  }
  const old = ownAttributes(object, key);
  const isAccessor = (mask & (HAS_GET | HAS_SET)) !== 0;
  let getter = descriptor[3];
  let setter = descriptor[4];
  if (old < 0) {
    if (!$isExtensible(object)) return false;
  } else {
    const oldValue = ownValue(object, key);
    const wasAccessor = (old & ACCESSOR) !== 0;
    const isGeneric = !isAccessor && !(mask & (HAS_VALUE | WRITABLE));
    if (!(old & CONFIGURABLE)) {
      if (attributes & CONFIGURABLE || (mask & ENUMERABLE && (attributes ^ old) & ENUMERABLE)) return false;
      if (!isGeneric && isAccessor !== wasAccessor) return false;
      if (wasAccessor) {
        if (mask & HAS_GET && getter !== $accessorGet(oldValue) || mask & HAS_SET && setter !== $accessorSet(oldValue)) return false;
      } else if (!(old & WRITABLE)) {
        if (attributes & WRITABLE || mask & HAS_VALUE && !$sameValue(value, oldValue)) return false;
      }
    }
    // What the descriptor leaves out stays as it was; writable only if it was a data property.
    attributes |= old & ~mask & (wasAccessor || isAccessor ? ENUMERABLE | CONFIGURABLE : ALL);
    if (wasAccessor && !isAccessor && isGeneric || isAccessor && wasAccessor) {
      if (!(mask & HAS_GET)) getter = $accessorGet(oldValue);
      if (!(mask & HAS_SET)) setter = $accessorSet(oldValue);
      $defineAccessor(object, key, getter, setter, attributes);
      return true;
    }
    if (!isAccessor && !(mask & HAS_VALUE) && !wasAccessor) value = oldValue;
    // The exotic properties of strings and namespaces have just been checked; they are not stored.
    if ($isExotic(object) && $getOwn(object, key) < 0) {
      return $brand(object) !== $$BRAND_NAMESPACE || attributes === (WRITABLE | ENUMERABLE) && (!(mask & HAS_VALUE) || $sameValue(value, oldValue));
    }
  }
  if (isAccessor) $defineAccessor(object, key, getter, setter, attributes);
  else $define(object, key, value, attributes);
  return true;
}

/** 10.4.2.4 ArraySetLength. */
function defineArrayLength(array, descriptor) {
  const mask = descriptor[0];
  let attributes = descriptor[1];
  if (mask & HAS_VALUE) {
    const length = toNumber(descriptor[2]) >>> 0;
    if (length !== toNumber(descriptor[2])) $throw(INVALID_ARRAY_LENGTH, undefined, undefined);
    descriptor[2] = length;
  }
  const old = $getOwn(array, "length");
  if (attributes & (CONFIGURABLE | ENUMERABLE) || mask & (HAS_GET | HAS_SET)) return false;
  if (!(old & WRITABLE) && (attributes & WRITABLE || mask & HAS_VALUE && descriptor[2] !== array.length)) return false;
  const done = !(mask & HAS_VALUE) || descriptor[2] === array.length || $setLength(array, descriptor[2]);
  if (mask & WRITABLE && !(attributes & WRITABLE)) $define(array, "length", array.length, 0);
  return done;
}

/** 7.3.8 DefinePropertyOrThrow. */
function defineOrThrow(object, key, descriptor) {
  if (defineOwn(object, key, descriptor)) return;
  // A proxy is not asked why.
  if ($isProxy(object)) throwRefused("defineProperty", key);
  if (ownAttributes(object, key) < 0 && !$isExtensible(object)) throwTypeError(`Cannot define property ${describe(key)}, object is not extensible`);
  $throw(NOT_REDEFINABLE, key, undefined);
}

/** 7.3.7 CreateDataPropertyOrThrow. */
function defineField(object, key, value) {
  defineOrThrow(object, toKey(key), [HAS_VALUE | ALL, ALL, value, undefined, undefined]);
}
$root("defineField", defineField);

/** 13.3.7 The super keyword: found from the home object's prototype. */
$root("getSuper", function (receiver, home, key) {
  const prototype = $getPrototype(home);
  if (prototype === null) $throw(READ_OF_NULLISH, "null", toPropertyKey(key));
  return getProperty(prototype, key, receiver);
});
$root("putSuper", function (receiver, home, key, value, strict) {
  const prototype = $getPrototype(home);
  if (prototype === null) $throw(WRITE_OF_NULLISH, "null", toPropertyKey(key));
  setPropertyOrThrow(prototype, key, value, receiver, strict);
});

/** 7.3.25 CopyDataProperties, for object rest and spread. */
$root("copyDataProperties", function (target, source, excluded) {
  if (source === undefined || source === null) return target;
  const from = toObject(source);
  const keys = ownKeys(from);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (excluded !== undefined && $arrayIndexOf(excluded, key, 0, 0) >= 0) continue;
    const attributes = ownAttributes(from, key);
    if (attributes >= 0 && attributes & ENUMERABLE) $define(target, key, from[key], ALL);
  }
  return target;
});

/** 7.3.23 EnumerableOwnProperties: kind 0 keys, 1 values, 2 entries. */
function enumerableOwn(object, kind) {
  const keys = ownKeys(object);
  const result = [];
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (typeof key === "symbol") continue;
    const attributes = ownAttributes(object, key);
    if (attributes >= 0 && attributes & ENUMERABLE) $push(result, kind === 0 ? key : kind === 1 ? object[key] : [key, object[key]]);
  }
  return result;
}

/** 7.3.22 SpeciesConstructor; undefined stands for the default. */
function speciesConstructor(object, standard) {
  const constructor = object.constructor;
  if (constructor === undefined) return undefined;
  if (!$isObject(constructor)) throwTypeError("The .constructor property is not an object");
  const species = constructor[symbolSpecies] ?? standard;
  if (species === standard) return undefined;
  if (!$isConstructor(species)) throwTypeError("object.constructor[Symbol.species] is not a constructor");
  return species;
}

/** 10.1.14 GetPrototypeFromConstructor. */
function prototypeOf(newTarget, standard) {
  const prototype = newTarget.prototype;
  return $isObject(prototype) ? prototype : $realmObject(standard, newTarget);
}

/** A new record of a brand for a constructor that only works with `new`. */
function newInstance(newTarget, name, brand, standard) {
  if (newTarget === undefined) throwTypeError(`Constructor ${name} requires 'new'`);
  return $newRecord(brand, prototypeOf(newTarget, standard));
}
