// Map, Set, WeakMap and WeakSet (ECMA-262 section 24) over the kernel's insertion-ordered tables. A table that grew or
// was cleared leaves a successor behind, by which iterators and forEach find their place.

const MapPrototype = defineTag($newObject(ObjectPrototype), "Map");
const SetPrototype = defineTag($newObject(ObjectPrototype), "Set");
const WeakMapPrototype = defineTag($newObject(ObjectPrototype), "WeakMap");
const WeakSetPrototype = defineTag($newObject(ObjectPrototype), "WeakSet");
$root("mapPrototype", MapPrototype);
$root("setPrototype", SetPrototype);

/** The table of a collection of a certain brand. */
function tableOf(collection, brand, name, method) {
  if ($brand(collection) !== brand) throwIncompatible(`${name}.prototype.${method}`, collection);
  return $slot(collection, 0);
}

/** Fills a new collection: by its own `adder` where a user replaced that, directly otherwise. */
function fillCollection(collection, iterable, name, standard, isMap) {
  if (iterable === undefined || iterable === null) return collection;
  const adder = collection[name];
  if (!$isCallable(adder)) throwTypeError(`'${describe(adder)}' returned for property '${name}' of object '${describe(collection)}' is not a function`);
  if (!isMap && adder === standard && iteratesPlainly(iterable) && $brand(collection) === $$BRAND_SET) {
    let table = $slot(collection, 0);
    for (let i = 0; i < iterable.length; i++) table = $tableSet(table, zeroKey(iterable[i]), undefined);
    $setSlot(collection, 0, table);
    return collection;
  }
  iterate(iterable, (item) => {
    if (!isMap) {
      $call(adder, collection, item);
      return;
    }
    if (!$isObject(item)) throwTypeError(`Iterator value ${describe(item)} is not an entry object`);
    $call(adder, collection, item[0], item[1]);
  });
  return collection;
}

/** -0 as a key is 0. */
function zeroKey(key) {
  return key === 0 ? 0 : key;
}

function newCollection(newTarget, name, brand, standard, words, weak) {
  const collection = newInstance(newTarget, name, brand, standard);
  $setSlot(collection, 0, $newTable(words, weak));
  return collection;
}

function store(collection, table, key, value) {
  $setSlot(collection, 0, $tableSet(table, zeroKey(key), value));
  return collection;
}

/** forEach of maps and sets, and whatever else visits all entries while they may change. */
function visitTable(table, visit) {
  let i = 0;
  for (;;) {
    for (let next = $tableSuccessor(table); next !== undefined; next = $tableSuccessor(table)) {
      i = $tableForward(table, i);
      table = next;
    }
    i = $tableNext(table, i);
    if (i < 0) return;
    visit($tableKey(table, i), table, i);
    i++;
  }
}

/** 24.1.1.1 Map(iterable). */
function Map(iterable = undefined) {
  return fillCollection(newCollection(new.target, "Map", $$BRAND_MAP, MapPrototype, 2, false), iterable, "set", undefined, true);
}

/** 24.2.1.1 Set(iterable). */
function Set(iterable = undefined) {
  return fillCollection(newCollection(new.target, "Set", $$BRAND_SET, SetPrototype, 1, false), iterable, "add", setAdd, false);
}

function clearCollection(collection, brand, name) {
  $setSlot(collection, 0, $tableClear(tableOf(collection, brand, name, "clear")));
}

defineConstructor(Map, MapPrototype, {
  groupBy(items, callback) {
    const keys = [];
    const lists = groupInto(items, callback, zeroKey, keys);
    let table = $newTable(2, false);
    for (let i = 0; i < keys.length; i++) table = $tableSet(table, keys[i], lists[i]);
    return newWrapper($$BRAND_MAP, MapPrototype, table);
  },
}, {
  clear() {
    clearCollection(this, $$BRAND_MAP, "Map");
  },
  delete(key) {
    "fast: mapDelete";
    return $tableDelete(tableOf(this, $$BRAND_MAP, "Map", "delete"), key);
  },
  entries() {
    return newTableIterator(this, $$BRAND_MAP, "Map", "entries", 2);
  },
  forEach(callback, thisArgument = undefined) {
    const table = tableOf(this, $$BRAND_MAP, "Map", "forEach");
    requireCallable(callback);
    visitTable(table, (key, current, i) => $call(callback, thisArgument, $tableValue(current, i), key, this));
  },
  get(key) {
    "fast: mapGet";
    return $tableGet(tableOf(this, $$BRAND_MAP, "Map", "get"), key);
  },
  has(key) {
    "fast: mapHas";
    return $tableFind(tableOf(this, $$BRAND_MAP, "Map", "has"), key) >= 0;
  },
  keys() {
    return newTableIterator(this, $$BRAND_MAP, "Map", "keys", 0);
  },
  set(key, value) {
    "fast: mapSet";
    return store(this, tableOf(this, $$BRAND_MAP, "Map", "set"), key, value);
  },
  get size() {
    return $tableCount(tableOf(this, $$BRAND_MAP, "get Map", "size"));
  },
  values() {
    return newTableIterator(this, $$BRAND_MAP, "Map", "values", 1);
  },
});
$define(MapPrototype, symbolIterator, $getOwnValue(MapPrototype, "entries"), HIDDEN);
defineSpecies(Map);

defineConstructor(Set, SetPrototype, {}, {
  add(value) {
    "fast: setAdd";
    return store(this, tableOf(this, $$BRAND_SET, "Set", "add"), value, undefined);
  },
  clear() {
    clearCollection(this, $$BRAND_SET, "Set");
  },
  delete(value) {
    return $tableDelete(tableOf(this, $$BRAND_SET, "Set", "delete"), value);
  },
  difference(other) {
    const mine = tableOf(this, $$BRAND_SET, "Set", "difference");
    const set = setRecord(other);
    let result = copyTable(mine);
    if ($tableCount(mine) <= set.size) visitTable(mine, (key) => {
      if (set.has(key)) $tableDelete(result, key);
    });
    else set.each((key) => {
      $tableDelete(result, key);
    });
    return newSet(result);
  },
  entries() {
    return newTableIterator(this, $$BRAND_SET, "Set", "entries", 2);
  },
  forEach(callback, thisArgument = undefined) {
    const table = tableOf(this, $$BRAND_SET, "Set", "forEach");
    requireCallable(callback);
    visitTable(table, (key) => $call(callback, thisArgument, key, key, this));
  },
  has(value) {
    "fast: setHas";
    return $tableFind(tableOf(this, $$BRAND_SET, "Set", "has"), value) >= 0;
  },
  intersection(other) {
    const mine = tableOf(this, $$BRAND_SET, "Set", "intersection");
    const set = setRecord(other);
    let result = $newTable(1, false);
    if ($tableCount(mine) <= set.size) visitTable(mine, (key) => {
      if (set.has(key)) result = $tableSet(result, key, undefined);
    });
    else set.each((key) => {
      if ($tableFind(mine, key) >= 0) result = $tableSet(result, key, undefined);
    });
    return newSet(result);
  },
  isDisjointFrom(other) {
    const mine = tableOf(this, $$BRAND_SET, "Set", "isDisjointFrom");
    const set = setRecord(other);
    if ($tableCount(mine) <= set.size) return allKeys(mine, (key) => !set.has(key));
    return set.each((key) => $tableFind(mine, key) >= 0);
  },
  isSubsetOf(other) {
    const mine = tableOf(this, $$BRAND_SET, "Set", "isSubsetOf");
    const set = setRecord(other);
    return $tableCount(mine) <= set.size && allKeys(mine, set.has);
  },
  isSupersetOf(other) {
    const mine = tableOf(this, $$BRAND_SET, "Set", "isSupersetOf");
    const set = setRecord(other);
    return $tableCount(mine) >= set.size && set.each((key) => $tableFind(mine, key) < 0);
  },
  get size() {
    return $tableCount(tableOf(this, $$BRAND_SET, "get Set", "size"));
  },
  symmetricDifference(other) {
    tableOf(this, $$BRAND_SET, "Set", "symmetricDifference");
    const set = setRecord(other);
    const pair = set.open();
    let result = copyTable($slot(this, 0));
    set.each((key) => {
      if ($tableFind($slot(this, 0), key) >= 0) $tableDelete(result, key);
      else result = $tableSet(result, key, undefined);
    }, pair);
    return newSet(result);
  },
  union(other) {
    tableOf(this, $$BRAND_SET, "Set", "union");
    const set = setRecord(other);
    const pair = set.open();
    let result = copyTable($slot(this, 0));
    set.each((key) => {
      result = $tableSet(result, key, undefined);
    }, pair);
    return newSet(result);
  },
  values() {
    return newTableIterator(this, $$BRAND_SET, "Set", "values", 1);
  },
});
const setAdd = $getOwnValue(SetPrototype, "add");
$define(SetPrototype, "keys", $getOwnValue(SetPrototype, "values"), HIDDEN);
$define(SetPrototype, symbolIterator, $getOwnValue(SetPrototype, "values"), HIDDEN);
defineSpecies(Set);

function newSet(table) {
  return newWrapper($$BRAND_SET, SetPrototype, table);
}

function copyTable(table) {
  let copy = $newTable(1, false);
  visitTable(table, (key) => {
    copy = $tableSet(copy, key, undefined);
  });
  return copy;
}

function allKeys(table, test) {
  for (let i = $tableNext(table, 0); i >= 0; i = $tableNext(table, i + 1)) if (!test($tableKey(table, i))) return false;
  return true;
}

/**
 * 24.2.1.2 GetSetRecord: its size, and functions for its `has` and `keys`; `each` visits the keys (of an iterator that is
 * open already, if one is given), stops at true and says if it did not.
 */
function setRecord(value) {
  if (!$isObject(value)) throwTypeError(`${describe(value)} is not an object`);
  const number = toNumber(value.size);
  if (number !== number) throwTypeError("The 'size' property must be a number");
  const size = toInteger(number);
  if (size < 0) throwRangeError(`'${size}' is an invalid size`);
  const has = requireCallable(value.has);
  const keys = requireCallable(value.keys);
  return {
    size,
    has: (key) => !!$call(has, value, key),
    open: () => iteratorFrom($call(keys, value)),
    each(visit, opened = undefined) {
      const pair = opened === undefined ? iteratorFrom($call(keys, value)) : opened;
      for (;;) {
        const key = iteratorNext(pair[0], pair[1]);
        if ($isDone(key)) return true;
        if (visit(zeroKey(key)) === true) {
          iteratorClose(pair[0]);
          return false;
        }
      }
    },
  };
}

/** 24.1.5.1 CreateMapIterator and 24.2.6.1 CreateSetIterator: kind 0 keys, 1 values, 2 entries. */
function newTableIterator(collection, brand, name, method, kind) {
  const table = tableOf(collection, brand, name, method);
  const isSet = brand === $$BRAND_SET;
  const iterator = $newRecord($$BRAND_TABLE_ITERATOR, isSet ? SetIteratorPrototype : MapIteratorPrototype);
  $setSlot(iterator, $$TABLE_ITERATOR_TABLE, table);
  $setSlot(iterator, $$TABLE_ITERATOR_INDEX, 0);
  $setSlot(iterator, $$TABLE_ITERATOR_KIND, kind);
  $setSlot(iterator, $$TABLE_ITERATOR_SET, isSet);
  return iterator;
}

/** One step of an iterator over a table. */
function nextOfTable(iterator, isSet) {
  if ($brand(iterator) !== $$BRAND_TABLE_ITERATOR || $slot(iterator, $$TABLE_ITERATOR_SET) !== isSet) {
    throwIncompatible(`${isSet ? "Set" : "Map"} Iterator.prototype.next`, iterator);
  }
  let table = $slot(iterator, $$TABLE_ITERATOR_TABLE);
  if (table === undefined) return iteratorResult(undefined, true);
  let i = $slot(iterator, $$TABLE_ITERATOR_INDEX);
  for (let next = $tableSuccessor(table); next !== undefined; next = $tableSuccessor(table)) {
    i = $tableForward(table, i);
    table = next;
  }
  i = $tableNext(table, i);
  if (i < 0) {
    $setSlot(iterator, $$TABLE_ITERATOR_TABLE, undefined);
    return iteratorResult(undefined, true);
  }
  $setSlot(iterator, $$TABLE_ITERATOR_TABLE, table);
  $setSlot(iterator, $$TABLE_ITERATOR_INDEX, i + 1);
  const key = $tableKey(table, i);
  const kind = $slot(iterator, $$TABLE_ITERATOR_KIND);
  if (kind === 0) return iteratorResult(key, false);
  const value = isSet ? key : $tableValue(table, i);
  return iteratorResult(kind === 1 ? value : [key, value], false);
}

const MapIteratorPrototype = makeIteratorPrototype("Map Iterator", {
  next() {
    return nextOfTable(this, false);
  },
});
const SetIteratorPrototype = makeIteratorPrototype("Set Iterator", {
  next() {
    return nextOfTable(this, true);
  },
});

function weakTable(collection, brand, name, method, key, adding) {
  const table = tableOf(collection, brand, name, method);
  // 9.14 CanBeHeldWeakly.
  if (!$isObject(key) && (typeof key !== "symbol" || $isRegistered(key))) {
    if (adding) throwTypeError(`Invalid value used ${brand === $$BRAND_WEAK_SET ? "in weak set" : "as weak map key"}`);
    return undefined;
  }
  return table;
}

/** 24.3.1.1 WeakMap(iterable). */
function WeakMap(iterable = undefined) {
  return fillCollection(newCollection(new.target, "WeakMap", $$BRAND_WEAK_MAP, WeakMapPrototype, 2, true), iterable, "set", undefined, true);
}
defineConstructor(WeakMap, WeakMapPrototype, {}, {
  delete(key) {
    const table = weakTable(this, $$BRAND_WEAK_MAP, "WeakMap", "delete", key, false);
    return table !== undefined && $tableDelete(table, key);
  },
  get(key) {
    const table = weakTable(this, $$BRAND_WEAK_MAP, "WeakMap", "get", key, false);
    return table === undefined ? undefined : $tableGet(table, key);
  },
  has(key) {
    const table = weakTable(this, $$BRAND_WEAK_MAP, "WeakMap", "has", key, false);
    return table !== undefined && $tableFind(table, key) >= 0;
  },
  set(key, value) {
    return store(this, weakTable(this, $$BRAND_WEAK_MAP, "WeakMap", "set", key, true), key, value);
  },
});

/** 24.4.1.1 WeakSet(iterable). */
function WeakSet(iterable = undefined) {
  return fillCollection(newCollection(new.target, "WeakSet", $$BRAND_WEAK_SET, WeakSetPrototype, 1, true), iterable, "add", undefined, false);
}
defineConstructor(WeakSet, WeakSetPrototype, {}, {
  add(value) {
    return store(this, weakTable(this, $$BRAND_WEAK_SET, "WeakSet", "add", value, true), value, undefined);
  },
  delete(value) {
    const table = weakTable(this, $$BRAND_WEAK_SET, "WeakSet", "delete", value, false);
    return table !== undefined && $tableDelete(table, value);
  },
  has(value) {
    const table = weakTable(this, $$BRAND_WEAK_SET, "WeakSet", "has", value, false);
    return table !== undefined && $tableFind(table, value) >= 0;
  },
});
