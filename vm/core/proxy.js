// Proxy (ECMA-262 sections 10.5 and 28.2). A proxy is a record of brand PROXY whose shape is exotic, so the kernel leaves
// every property of it to the core, and property.js asks here for [[Get]], [[Set]], [[HasProperty]], [[Delete]] and
// [[DefineOwnProperty]]. The other internal methods are intrinsics everywhere in the core, in loops over prototypes most
// of all: where one of these meets a proxy, and where a proxy is called, the kernel calls the root `proxy` with what it
// was about to do (ProxyAct of brands.ts), so no other file knows of them. The texts of errors are V8's.
//
// [[GetOwnProperty]] is two intrinsics, attributes and then value; between the two the value waits in the slot `found`.
// The slot `instance` takes the prototype of a new instance from here to the kernel, where a proxy is the new target.

/** Calls a trap with a list of arguments, the target first; the hole if the handler has no such trap. */
function callTrap(proxy, name, list) {
  const handler = $slot(proxy, $$PROXY_HANDLER);
  if (handler === null) throwRevoked(name);
  const trap = handler[name];
  if (trap === undefined || trap === null) return $hole();
  if (!$isCallable(trap)) throwTypeError(`'${describe(trap)}' returned for property '${name}' of object '#<${className(handler)}>' is not a function`);
  return $apply(trap, handler, list);
}
function throwRevoked(name) {
  throwTypeError(`Cannot perform '${name}' on a proxy that has been revoked`);
}

/** The error of a trap that broke an invariant. */
function breaks(name, what) {
  throwTypeError(`'${name}' on proxy: ${what}`);
}
function breaksFor(name, what, key, rest) {
  breaks(name, `${what} property '${describe(key)}'${rest}`);
}

/** A key as traps get it. */
function trapKey(key) {
  return typeof key === "number" ? `${key}` : key;
}

/** 10.5.8 [[Get]]. */
function proxyGet(proxy, key, receiver) {
  const target = $slot(proxy, $$PROXY_TARGET);
  const value = callTrap(proxy, "get", [target, trapKey(key), receiver]);
  if ($isHole(value)) return getProperty(target, key, receiver);
  const attributes = ownAttributes(target, key);
  if (attributes < 0 || attributes & CONFIGURABLE) return value;
  const own = ownValue(target, key);
  if (attributes & ACCESSOR) {
    if ($accessorGet(own) === undefined && value !== undefined) {
      breaks("get", `property '${describe(key)}' is a non-configurable accessor property on the proxy target and does not have a getter function, but the trap did not return 'undefined' (got '${describe(value)}')`);
    }
  } else if (!(attributes & WRITABLE) && !$sameValue(value, own)) {
    breaks("get", `property '${describe(key)}' is a read-only and non-configurable data property on the proxy target but the proxy did not return its actual value (expected '${describe(own)}' but got '${describe(value)}')`);
  }
  return value;
}

/** 10.5.9 [[Set]], as setProperty gives it: 0, or the number of an error. */
function proxySet(proxy, key, value, receiver) {
  const target = $slot(proxy, $$PROXY_TARGET);
  const done = callTrap(proxy, "set", [target, trapKey(key), value, receiver]);
  if ($isHole(done)) return setProperty(target, key, value, receiver);
  if (!done) return $$ERROR_READ_ONLY;
  const attributes = ownAttributes(target, key);
  if (attributes < 0 || attributes & CONFIGURABLE) return 0;
  const own = ownValue(target, key);
  if (attributes & ACCESSOR) {
    if ($accessorSet(own) === undefined) breaksFor("set", "trap returned truish for", key, " which exists in the proxy target as a non-configurable and non-writable accessor property without a setter");
  } else if (!(attributes & WRITABLE) && !$sameValue(value, own)) {
    breaksFor("set", "trap returned truish for", key, " which exists in the proxy target as a non-configurable and non-writable data property with a different value");
  }
  return 0;
}

/** 10.5.7 [[HasProperty]]. */
function proxyHas(proxy, key) {
  const target = $slot(proxy, $$PROXY_TARGET);
  const has = callTrap(proxy, "has", [target, trapKey(key)]);
  if ($isHole(has)) return hasProperty(target, key);
  if (has) return true;
  const attributes = ownAttributes(target, key);
  if (attributes >= 0) {
    if (!(attributes & CONFIGURABLE)) breaksFor("has", "trap returned falsish for", key, " which exists in the proxy target as non-configurable");
    if (!$isExtensible(target)) breaksFor("has", "trap returned falsish for", key, " but the proxy target is not extensible");
  }
  return false;
}

/** 10.5.10 [[Delete]]. */
function proxyDelete(proxy, key) {
  const target = $slot(proxy, $$PROXY_TARGET);
  const done = callTrap(proxy, "deleteProperty", [target, trapKey(key)]);
  if ($isHole(done)) return deleteProperty(target, key);
  if (!done) return false;
  const attributes = ownAttributes(target, key);
  if (attributes >= 0) {
    if (!(attributes & CONFIGURABLE)) breaksFor("deleteProperty", "trap returned truish for", key, " which is non-configurable in the proxy target");
    if (!$isExtensible(target)) breaksFor("deleteProperty", "trap returned truish for", key, " but the proxy target is non-extensible");
  }
  return true;
}

/** 6.2.6.4 FromPropertyDescriptor: the fields that a descriptor has. */
function fromDescriptor(descriptor) {
  const mask = descriptor[0];
  const object = {};
  if (mask & HAS_VALUE) object.value = descriptor[2];
  if (mask & WRITABLE) object.writable = (descriptor[1] & WRITABLE) !== 0;
  if (mask & HAS_GET) object.get = descriptor[3];
  if (mask & HAS_SET) object.set = descriptor[4];
  if (mask & ENUMERABLE) object.enumerable = (descriptor[1] & ENUMERABLE) !== 0;
  if (mask & CONFIGURABLE) object.configurable = (descriptor[1] & CONFIGURABLE) !== 0;
  return object;
}

/** 10.1.6.3, steps 2 to 6, of a property with these attributes and value (a descriptor's mask 0: it is not there). */
function isCompatible(extensible, descriptor, attributes, value) {
  if (attributes < 0) return extensible;
  const mask = descriptor[0];
  const isAccessor = (mask & (HAS_GET | HAS_SET)) !== 0;
  if (attributes & CONFIGURABLE) return true;
  if (descriptor[1] & CONFIGURABLE || mask & ENUMERABLE && (descriptor[1] ^ attributes) & ENUMERABLE) return false;
  if (!isAccessor && !(mask & (HAS_VALUE | WRITABLE))) return true;
  if (isAccessor !== ((attributes & ACCESSOR) !== 0)) return false;
  if (isAccessor) return !(mask & HAS_GET && descriptor[3] !== $accessorGet(value) || mask & HAS_SET && descriptor[4] !== $accessorSet(value));
  return (attributes & WRITABLE) !== 0 || !(descriptor[1] & WRITABLE) && (!(mask & HAS_VALUE) || $sameValue(descriptor[2], value));
}

/** 10.5.6 [[DefineOwnProperty]]. */
function proxyDefine(proxy, key, descriptor) {
  const target = $slot(proxy, $$PROXY_TARGET);
  const done = callTrap(proxy, "defineProperty", [target, trapKey(key), fromDescriptor(descriptor)]);
  if ($isHole(done)) return defineOwn(target, key, descriptor);
  if (!done) return false;
  const attributes = ownAttributes(target, key);
  const value = attributes < 0 ? undefined : ownValue(target, key);
  const extensible = $isExtensible(target);
  const settles = (descriptor[0] & ~descriptor[1] & CONFIGURABLE) !== 0;
  if (attributes < 0 && !extensible) breaksFor("defineProperty", "trap returned truish for adding", key, "  to the non-extensible proxy target");
  if (!isCompatible(extensible, descriptor, attributes, value)) {
    breaksFor("defineProperty", "trap returned truish for adding", key, "  that is incompatible with the existing property in the proxy target");
  }
  if (settles && (attributes < 0 || attributes & CONFIGURABLE)) {
    breaksFor("defineProperty", "trap returned truish for defining non-configurable", key, " which is either non-existent or configurable in the proxy target");
  }
  if (attributes >= 0 && !(attributes & (CONFIGURABLE | ACCESSOR)) && attributes & WRITABLE && descriptor[0] & ~descriptor[1] & WRITABLE) {
    breaksFor("defineProperty", "trap returned truish for defining non-configurable", key, " which cannot be non-writable");
  }
  return true;
}

/** 10.5.5 [[GetOwnProperty]]: the attributes, or -1; the value, or an accessor, is left in the slot `found`. */
function proxyOwn(proxy, key) {
  const name = "getOwnPropertyDescriptor";
  const target = $slot(proxy, $$PROXY_TARGET);
  const given = callTrap(proxy, name, [target, trapKey(key)]);
  const attributes = $isHole(given) || $isObject(given) || given === undefined ? ownAttributes(target, key) : -1;
  const value = attributes < 0 ? undefined : ownValue(target, key);
  if ($isHole(given)) {
    $setSlot(proxy, $$PROXY_FOUND, value);
    return attributes;
  }
  if (given === undefined) {
    if (attributes < 0) return -1;
    if (!(attributes & CONFIGURABLE)) breaksFor(name, "trap returned undefined for", key, " which is non-configurable in the proxy target");
    if (!$isExtensible(target)) breaksFor(name, "trap returned undefined for", key, " which exists in the non-extensible proxy target");
    return -1;
  }
  if (!$isObject(given)) breaksFor(name, "trap returned neither object nor undefined for", key, "");
  const extensible = $isExtensible(target);
  const descriptor = toDescriptor(given);
  const isAccessor = (descriptor[0] & (HAS_GET | HAS_SET)) !== 0;
  // 6.2.6.6 CompletePropertyDescriptor: what is left out is there and false, or undefined.
  descriptor[0] = ENUMERABLE | CONFIGURABLE | (isAccessor ? HAS_GET | HAS_SET : HAS_VALUE | WRITABLE);
  if (!isCompatible(extensible, descriptor, attributes, value)) {
    breaksFor(name, "trap returned descriptor for", key, " that is incompatible with the existing property in the proxy target");
  }
  if (!(descriptor[1] & CONFIGURABLE)) {
    if (attributes < 0 || attributes & CONFIGURABLE) breaksFor(name, "trap reported non-configurability for", key, " which is either non-existent or configurable in the proxy target");
    if (!isAccessor && !(descriptor[1] & WRITABLE) && attributes & WRITABLE) breaksFor(name, "trap reported non-configurable and writable for", key, " which is non-configurable, non-writable in the proxy target");
  }
  let found = descriptor[2];
  if (isAccessor) {
    const holder = {};
    $defineAccessor(holder, "accessor", descriptor[3], descriptor[4], 0);
    found = $getOwnValue(holder, "accessor");
  }
  $setSlot(proxy, $$PROXY_FOUND, found);
  return descriptor[1] | (isAccessor ? ACCESSOR : 0);
}

/** 10.5.11 [[OwnPropertyKeys]]. */
function proxyKeys(proxy) {
  const name = "ownKeys";
  const target = $slot(proxy, $$PROXY_TARGET);
  const given = callTrap(proxy, name, [target]);
  if ($isHole(given)) return ownKeys(target);
  if (!$isObject(given)) throwTypeError("CreateListFromArrayLike called on non-object");
  const keys = [];
  let seen = $newTable(1, false);
  const length = lengthOf(given);
  for (let i = 0; i < length; i++) {
    const key = given[i];
    if (typeof key !== "string" && typeof key !== "symbol") throwTypeError(`${describe(key)} is not a valid property name`);
    if ($tableFind(seen, key) >= 0) breaks(name, "trap returned duplicate entries");
    seen = $tableSet(seen, key, undefined);
    $push(keys, key);
  }
  const extensible = $isExtensible(target);
  const targetKeys = ownKeys(target);
  let found = 0;
  let fixed = false;
  for (let i = 0; i < targetKeys.length; i++) {
    const attributes = ownAttributes(target, targetKeys[i]);
    const must = attributes >= 0 && !(attributes & CONFIGURABLE);
    if (must) fixed = true;
    if ($tableFind(seen, targetKeys[i]) >= 0) found++;
    else if (must || !extensible) breaks(name, `trap result did not include '${describe(targetKeys[i])}'`);
  }
  if (!extensible && found !== length) breaks(name, "trap returned extra keys but proxy target is non-extensible");
  return keys;
}

/** 10.5.1 [[GetPrototypeOf]]. */
function proxyPrototype(proxy) {
  const target = $slot(proxy, $$PROXY_TARGET);
  const prototype = callTrap(proxy, "getPrototypeOf", [target]);
  if ($isHole(prototype)) return $getPrototype(target);
  if (prototype !== null && !$isObject(prototype)) breaks("getPrototypeOf", "trap returned neither object nor null");
  if (!$isExtensible(target) && $getPrototype(target) !== prototype) {
    breaks("getPrototypeOf", "proxy target is non-extensible but the trap did not return its actual prototype");
  }
  return prototype;
}

/** 10.5.2 [[SetPrototypeOf]]. */
function proxySetPrototype(proxy, prototype) {
  const target = $slot(proxy, $$PROXY_TARGET);
  const done = callTrap(proxy, "setPrototypeOf", [target, prototype]);
  if ($isHole(done)) return changePrototype(target, prototype, false);
  if (done && !$isExtensible(target) && $getPrototype(target) !== prototype) {
    breaks("setPrototypeOf", "trap returned truish for setting a new prototype on the non-extensible proxy target");
  }
  return !!done;
}

/** 10.5.3 [[IsExtensible]]. */
function proxyIsExtensible(proxy) {
  const target = $slot(proxy, $$PROXY_TARGET);
  const given = callTrap(proxy, "isExtensible", [target]);
  const extensible = $isExtensible(target);
  if (!$isHole(given) && !given === extensible) {
    breaks("isExtensible", `trap result does not reflect extensibility of proxy target (which is '${extensible}')`);
  }
  return extensible;
}

/** 10.5.4 [[PreventExtensions]]. */
function proxyPreventExtensions(proxy) {
  const target = $slot(proxy, $$PROXY_TARGET);
  const done = callTrap(proxy, "preventExtensions", [target]);
  if ($isHole(done)) return $preventExtensions(target);
  if (done && $isExtensible(target)) breaks("preventExtensions", "trap returned truish but the proxy target is extensible");
  return !!done;
}

function throwFalsish() {
  breaks("preventExtensions", "trap returned falsish");
}
/** The same of a trap that is asked for a property, or is as if it were. */
function throwRefused(name, key) {
  breaksFor(name, "trap returned falsish for", key, "");
}

/** 7.3.14 SetIntegrityLevel, of a proxy. */
function proxyIntegrity(proxy, frozen) {
  if (!$preventExtensions(proxy)) throwFalsish();
  const keys = ownKeys(proxy);
  for (let i = 0; i < keys.length; i++) {
    let mask = CONFIGURABLE;
    if (frozen) {
      const attributes = ownAttributes(proxy, keys[i]);
      if (attributes < 0) continue;
      if (!(attributes & ACCESSOR)) mask |= WRITABLE;
    }
    defineOrThrow(proxy, keys[i], [mask, 0, undefined, undefined, undefined]);
  }
  return true;
}

$root("proxy", function (act, operand, ...list) {
  switch (act) {
    case $$ACT_CALL: {
      const target = $slot(this, $$PROXY_TARGET);
      const result = callTrap(this, "apply", [target, operand, list]);
      return $isHole(result) ? $apply(target, operand, list) : result;
    }
    case $$ACT_CONSTRUCT: {
      const target = $slot(this, $$PROXY_TARGET);
      const result = callTrap(this, "construct", [target, list, operand]);
      if ($isHole(result)) return $construct(target, operand, list);
      if (!$isObject(result)) breaks("construct", `trap returned non-object ('${describe(result)}')`);
      return result;
    }
    case $$ACT_INSTANCE: {
      // 10.1.13: the kernel makes the instance as soon as its prototype is there.
      const prototype = this.prototype;
      if (!$isObject(prototype) && $slot(this, $$PROXY_HANDLER) === null) throwRevoked("construct");
      $setSlot(this, $$PROXY_INSTANCE, $isObject(prototype) ? prototype : null);
      return $construct(operand, this, list);
    }
    case $$ACT_GET_PROTOTYPE: return proxyPrototype(this);
    case $$ACT_SET_PROTOTYPE: return proxySetPrototype(this, operand);
    case $$ACT_IS_EXTENSIBLE: return proxyIsExtensible(this);
    case $$ACT_PREVENT_EXTENSIONS: return proxyPreventExtensions(this);
    case $$ACT_GET_OWN: return proxyOwn(this, operand);
    case $$ACT_GET_OWN_VALUE: {
      const value = $slot(this, $$PROXY_FOUND);
      $setSlot(this, $$PROXY_FOUND, undefined);
      return value;
    }
    case $$ACT_OWN_KEYS: return proxyKeys(this);
  }
  throwRevoked("IsArray");
});

/** 10.5.14 ProxyCreate. */
function createProxy(target, handler) {
  if (!$isObject(target) || !$isObject(handler)) throwTypeError("Cannot create proxy with a non-object as target or handler");
  const proxy = $newRecord($$BRAND_PROXY, null);
  $setSlot(proxy, $$PROXY_TARGET, target);
  $setSlot(proxy, $$PROXY_HANDLER, handler);
  $setSlot(proxy, $$PROXY_CALLS, $isConstructor(target) ? $$CALLS_CONSTRUCTOR : $isCallable(target) ? $$CALLS_CALLABLE : $$CALLS_NEVER);
  $setExotic(proxy);
  return proxy;
}

/**
 * 10.4.4 Arguments exotic objects, for functions whose compiler cannot follow what happens to their parameters: a proxy
 * over an arguments object. An element is tied to its parameter until it is deleted, made an accessor or read-only.
 */
$root("mapArguments", function (target, get, set, parameters) {
  const tied = [];
  const count = target.length < parameters ? target.length : parameters;
  for (let i = 0; i < count; i++) $push(tied, true);
  const parameterOf = (key) => {
    const index = typeof key === "string" ? $isIndex(key) : -1;
    return index >= 0 && index < count && tied[index] ? index : -1;
  };
  /** Gives the element the parameter's value; the parameter's index, or -1. */
  const settle = (key) => {
    const index = parameterOf(key);
    if (index >= 0) defineOwn(target, key, [HAS_VALUE, 0, get(index), undefined, undefined]);
    return index;
  };
  const proxy = createProxy(target, defineMethods($newObject(null), {
    get(_, key, receiver) {
      settle(key);
      // What is asked for its kind is to say what an arguments object says.
      return key === symbolToStringTag && !hasProperty(target, key) ? "Arguments" : getProperty(target, key, receiver);
    },
    set(_, key, value, receiver) {
      if (receiver !== proxy) return setProperty(target, key, value, receiver) === 0;
      const index = settle(key);
      if (setProperty(target, key, value, target) !== 0) return false;
      if (index >= 0) set(index, value);
      return true;
    },
    getOwnPropertyDescriptor(_, key) {
      settle(key);
      return fromOwnProperty(target, key);
    },
    defineProperty(_, key, given) {
      const descriptor = toDescriptor(given);
      const mask = descriptor[0];
      const index = settle(key);
      if (!defineOwn(target, key, descriptor)) return false;
      if (index < 0) return true;
      if (mask & HAS_VALUE) set(index, descriptor[2]);
      if (mask & (HAS_GET | HAS_SET) || mask & WRITABLE && !(descriptor[1] & WRITABLE)) tied[index] = false;
      return true;
    },
    deleteProperty(_, key) {
      const index = parameterOf(key);
      if (!deleteProperty(target, key)) return false;
      if (index >= 0) tied[index] = false;
      return true;
    },
  }));
  return proxy;
});

/** 28.2.1.1 Proxy(target, handler). */
function Proxy(target, handler) {
  if (new.target === undefined) throwTypeError("Constructor Proxy requires 'new'");
  return createProxy(target, handler);
}
defineMethods(Proxy, {
  revocable(target, handler) {
    let proxy = createProxy(target, handler);
    return {
      proxy,
      // In parentheses it stays anonymous, as the specification has it.
      revoke: (0, () => {
        if (proxy === null) return;
        $setSlot(proxy, $$PROXY_TARGET, null);
        $setSlot(proxy, $$PROXY_HANDLER, null);
        proxy = null;
      }),
    };
  },
});
// Instances have no prototype of their own (28.2.2), so nor has the constructor.
$deleteOwn(Proxy, "prototype");
$define(globalObject, "Proxy", Proxy, HIDDEN);
