// Array (ECMA-262 section 23.1). Methods read elements with `o[i]` and ask `i in o` only where the value is undefined,
// which is the same for everything but a Proxy and costs a dense array nothing; bulk moves of dense arrays are the
// kernel's. The typed arrays share these methods (typed-array.js): hence lengthOf and isPresent know them.

/** 23.1.1.1 Array(...values). */
function Array(...values) {
  const prototype = new.target === undefined || new.target === Array ? ArrayPrototype : prototypeOf(new.target, ArrayPrototype);
  let array = values;
  if (values.length === 1 && typeof values[0] === "number") {
    if (values[0] >>> 0 !== values[0]) $throw(INVALID_ARRAY_LENGTH, undefined, undefined);
    array = $newArray(values[0]);
  }
  if (prototype !== ArrayPrototype) $setPrototype(array, prototype);
  return array;
}

/** 10.4.2.2 ArrayCreate. */
function arrayCreate(length) {
  if (length > 4294967295) $throw(INVALID_ARRAY_LENGTH, undefined, undefined);
  return $newArray(length);
}

/** 10.4.2.3 ArraySpeciesCreate, its choice: undefined stands for a plain array. */
function arraySpecies(original) {
  if (!$isArrayObject(original)) return undefined;
  let constructor = original.constructor;
  if (constructor !== Array && constructor === $realmObject(Array, constructor)) return undefined;
  if ($isObject(constructor)) constructor = constructor[symbolSpecies] ?? undefined;
  if (constructor === undefined || constructor === Array) return undefined;
  if (!$isConstructor(constructor)) throwTypeError("object.constructor[Symbol.species] is not a constructor");
  return constructor;
}

function createFrom(species, length) {
  return species === undefined ? arrayCreate(length) : $construct(species, species, [length]);
}

/** Stores an element of a new array. */
function createElement(array, plain, i, value) {
  if (plain) $setElement(array, i, value);
  else defineField(array, i, value);
}

/** 23.1.3.2.1 IsConcatSpreadable. */
function isConcatSpreadable(value) {
  if (!$isObject(value)) return false;
  const spreadable = value[symbolIsConcatSpreadable];
  return spreadable === undefined ? $isArrayObject(value) : !!spreadable;
}

/** Is there an element whose value is undefined? A typed array that has become shorter still shows all it had. */
function isPresent(o, i) {
  return i in o || $kind(o) === $$CELL_TYPED_ARRAY;
}

/** Searches by a predicate: its index, or -1; `found` gets the value. */
function findIndexOf(o, predicate, thisArgument, step, found) {
  const length = lengthOf(o);
  requireCallable(predicate);
  for (let i = step > 0 ? 0 : length - 1; i >= 0 && i < length; i += step) {
    const value = o[i];
    if ($call(predicate, thisArgument, value, i, o)) {
      found[0] = value;
      return i;
    }
  }
  return -1;
}

/** every and some: does the predicate give `wanted` for an element? */
function anyElement(o, predicate, thisArgument, wanted) {
  const length = lengthOf(o);
  requireCallable(predicate);
  for (let i = 0; i < length; i++) {
    const value = o[i];
    if ((value !== undefined || isPresent(o, i)) && !!$call(predicate, thisArgument, value, i, o) === wanted) return true;
  }
  return false;
}

/** reduce and reduceRight. */
function reduceElements(o, callback, step, given, accumulator) {
  const length = lengthOf(o);
  requireCallable(callback);
  let i = step > 0 ? 0 : length - 1;
  if (!given) {
    for (;; i += step) {
      if (i < 0 || i >= length) throwTypeError("Reduce of empty array with no initial value");
      accumulator = o[i];
      if (accumulator !== undefined || isPresent(o, i)) break;
    }
    i += step;
  }
  for (; i >= 0 && i < length; i += step) {
    const value = o[i];
    if (value !== undefined || isPresent(o, i)) accumulator = $call(callback, undefined, accumulator, value, i, o);
  }
  return accumulator;
}

/** 23.1.3.13.1 FlattenIntoArray. */
function flatten(target, plain, at, source, length, depth, mapper, thisArgument) {
  for (let i = 0; i < length; i++) {
    let value = source[i];
    if (value === undefined && !(i in source)) continue;
    if (mapper !== undefined) value = $call(mapper, thisArgument, value, i, source);
    if (depth > 0 && $isArrayObject(value)) at = flatten(target, plain, at, value, lengthOf(value), depth - 1, undefined, undefined);
    else createElement(target, plain, at++, value);
  }
  return at;
}

/** The separated texts of an array-like's elements. An array that is being joined already is empty, as in V8. */
function joinElements(o, length, separator, convert) {
  const parts = [];
  let active = $state($$STATE_SPARE_0);
  if (active === undefined) active = $setState($$STATE_SPARE_0, []);
  if ($arrayIndexOf(active, o, 0, 0) >= 0) return "";
  $push(active, o);
  try {
    for (let i = 0; i < length; i++) {
      const value = o[i];
      $push(parts, value === undefined || value === null ? "" : convert === undefined ? `${value}` : convert(value));
    }
  } finally {
    $pop(active);
  }
  return $joinTexts(parts, separator);
}

/**
 * Sorts a list (an array of the core's own) by a merge sort that keeps the order of equals; returns the sorted list. The
 * later element is the comparator's first argument, as in other engines: comparators that contradict themselves rely on it.
 */
function mergeSort(list, compare) {
  const length = list.length;
  for (let low = 0; low < length; low += 6) {
    const high = low + 6 < length ? low + 6 : length;
    for (let i = low + 1; i < high; i++) {
      const value = list[i];
      let j = i;
      for (; j > low; j--) {
        const other = list[j - 1];
        if (!($call(compare, undefined, value, other) < 0)) break;
        list[j] = other;
      }
      list[j] = value;
    }
  }
  if (length <= 6) return list;
  let from = list;
  let to = $arraySlice(list, 0, length);
  for (let width = 6; width < length; width *= 2) {
    for (let low = 0; low < length; low += 2 * width) {
      const middle = low + width < length ? low + width : length;
      const high = middle + width < length ? middle + width : length;
      let left = low;
      let right = middle;
      let at = low;
      if (right < high) {
        let a = from[middle - 1];
        let b = from[middle];
        // Halves that are in order already are only copied.
        if ($call(compare, undefined, b, a) < 0) {
          a = from[left];
          for (;;) {
            if ($call(compare, undefined, b, a) < 0) {
              to[at++] = b;
              if (++right === high) break;
              b = from[right];
            } else {
              to[at++] = a;
              if (++left === middle) break;
              a = from[left];
            }
          }
        }
      }
      while (left < middle) to[at++] = from[left++];
      while (right < high) to[at++] = from[right++];
    }
    const swapped = from;
    from = to;
    to = swapped;
  }
  return from;
}

/** The same by the kernel, where no comparator is to be called; mode as for $mergeStep. */
function mergeSortBulk(list, mode) {
  const length = list.length;
  let from = list;
  let to = $arraySlice(list, 0, length);
  for (let width = 1; width < length; width *= 2) {
    const state = [from, to, width, 0, 0, width];
    while (!$mergeStep(state, mode));
    const swapped = from;
    from = to;
    to = swapped;
  }
  return from;
}

function compareEntries(a, b) {
  return $compareText(a[0], b[0]);
}

/** 23.1.3.30.1 SortIndexedProperties on values without holes: undefined goes to the end, other values by the comparator or as texts. */
function sortValues(values, compare) {
  const list = [];
  let absent = 0;
  let texts = true;
  let numbers = true;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === undefined) absent++;
    else {
      $push(list, value);
      if (typeof value !== "string") texts = false;
      if (typeof value !== "number" || value !== value) numbers = false;
    }
  }
  let sorted = list;
  // A comparator that only subtracts numbers need not be called: what it does is known (and it would do nothing else).
  const order = compare !== undefined && numbers ? $functionInfo(compare, 6) : 0;
  if (order > 0) sorted = mergeSortBulk(list, order);
  else if (compare !== undefined) sorted = mergeSort(list, compare);
  else if (texts) {
    // Comparing makes a text flat, which the kernel's merging relies on.
    for (let i = 0; i < list.length; i++) $compareText(list[i], "");
    sorted = mergeSortBulk(list, 0);
  }
  // One alone is compared with nothing, and so need not have a text.
  else if (list.length > 1) {
    for (let i = 0; i < list.length; i++) list[i] = [`${list[i]}`, list[i]];
    sorted = mergeSort(list, compareEntries);
    for (let i = 0; i < sorted.length; i++) sorted[i] = sorted[i][1];
  }
  while (absent-- > 0) $push(sorted, undefined);
  return sorted;
}

function requireComparator(compare) {
  if (compare !== undefined && !$isCallable(compare)) throwTypeError("The comparison function must be either a function or undefined");
}

/** The elements of an array-like as a plain array of the core's own. */
function copyElements(o, length) {
  if ($isDense(o) && o.length === length) return $arraySlice(o, 0, length);
  const copy = arrayCreate(length);
  for (let i = 0; i < length; i++) $setElement(copy, i, o[i]);
  return copy;
}

/** 23.1.5.1 CreateArrayIterator: kind 0 keys, 1 values, 2 entries. */
function newArrayIterator(array, kind) {
  const iterator = $newRecord($$BRAND_ARRAY_ITERATOR, ArrayIteratorPrototype);
  $setSlot(iterator, $$ARRAY_ITERATOR_ARRAY, array);
  $setSlot(iterator, $$ARRAY_ITERATOR_INDEX, 0);
  $setSlot(iterator, $$ARRAY_ITERATOR_KIND, kind);
  return iterator;
}

/** Where a search begins: fromIndex from the front, clamped. */
function searchStart(fromIndex, length) {
  return fromIndex === undefined ? 0 : relativeIndex(fromIndex, length);
}

defineConstructor(Array, ArrayPrototype, {
  from(items, mapper = undefined, thisArgument = undefined) {
    if (mapper !== undefined) requireCallable(mapper);
    const species = this === Array || !$isConstructor(this) ? undefined : this;
    const plain = species === undefined;
    if (items === undefined || items === null) $throw(NOT_ITERABLE, describeTyped(items), undefined);
    const method = items[symbolIterator];
    if (method === undefined || method === null) {
      const o = toObject(items);
      const length = lengthOf(o);
      const array = plain ? arrayCreate(length) : $construct(species, species, [length]);
      for (let i = 0; i < length; i++) createElement(array, plain, i, mapper === undefined ? o[i] : $call(mapper, thisArgument, o[i], i));
      array.length = length;
      return array;
    }
    const array = plain ? [] : $construct(species, species, []);
    if (plain && mapper === undefined) return spread(array, items, method);
    let count = 0;
    iterate(items, (value, i) => {
      createElement(array, plain, i, mapper === undefined ? value : $call(mapper, thisArgument, value, i));
      count = i + 1;
    }, method);
    array.length = count;
    return array;
  },
  isArray(value) {
    "fast: arrayIsArray";
    return $isArrayObject(value);
  },
  of(...values) {
    if (this === Array || !$isConstructor(this)) return values;
    const array = $construct(this, this, [values.length]);
    for (let i = 0; i < values.length; i++) defineField(array, i, values[i]);
    array.length = values.length;
    return array;
  },
}, {
  at(index) {
    "fast: arrayAt";
    const o = toObject(this);
    const length = lengthOf(o);
    let i = toInteger(index);
    if (i < 0) i += length;
    return i >= 0 && i < length ? o[i] : undefined;
  },
  concat(...items) {
    const o = toObject(this);
    const species = arraySpecies(o);
    const plain = species === undefined;
    const array = createFrom(species, 0);
    let at = 0;
    for (let n = -1; n < items.length; n++) {
      const item = n < 0 ? o : items[n];
      if (!isConcatSpreadable(item)) {
        createElement(array, plain, at++, item);
        continue;
      }
      const length = lengthOf(item);
      if (at + length > 9007199254740991) throwTypeError("Invalid array length");
      if (plain && $isDense(item) && array.length === at) {
        $arrayConcat(array, item);
      } else {
        for (let i = 0; i < length; i++) {
          const value = item[i];
          if (value !== undefined || i in item) {
            if (plain && array.length < at + i) array.length = at + i;
            createElement(array, plain, at + i, value);
          }
        }
      }
      at += length;
    }
    array.length = at;
    return array;
  },
  copyWithin(target, start, end = undefined) {
    const o = toObject(this);
    const length = lengthOf(o);
    let to = relativeIndex(target, length);
    let from = relativeIndex(start, length);
    const last = relativeEnd(end, length);
    let count = last - from < length - to ? last - from : length - to;
    if (count <= 0) return o;
    if ($isDense(o) && o.length >= length) {
      $arrayMove(o, to, from, count);
      return o;
    }
    let step = 1;
    if (from < to && to < from + count) {
      step = -1;
      from += count - 1;
      to += count - 1;
    }
    for (; count > 0; count--) {
      if (from in o) o[to] = o[from];
      else delete o[to];
      from += step;
      to += step;
    }
    return o;
  },
  entries() {
    return newArrayIterator(toObject(this), 2);
  },
  every(predicate, thisArgument = undefined) {
    return !anyElement(toObject(this), predicate, thisArgument, false);
  },
  fill(value, start = undefined, end = undefined) {
    const o = toObject(this);
    const length = lengthOf(o);
    const from = start === undefined ? 0 : relativeIndex(start, length);
    const to = relativeEnd(end, length);
    if ($isDense(o) && o.length >= length) {
      if (from < to) $arrayFill(o, value, from, to);
    } else {
      for (let i = from; i < to; i++) o[i] = value;
    }
    return o;
  },
  filter(predicate, thisArgument = undefined) {
    const o = toObject(this);
    const length = lengthOf(o);
    requireCallable(predicate);
    const species = arraySpecies(o);
    const array = createFrom(species, 0);
    let at = 0;
    for (let i = 0; i < length; i++) {
      const value = o[i];
      if ((value !== undefined || i in o) && $call(predicate, thisArgument, value, i, o)) {
        if (species === undefined) $push(array, value);
        else createElement(array, false, at++, value);
      }
    }
    return array;
  },
  find(predicate, thisArgument = undefined) {
    const found = [undefined];
    findIndexOf(toObject(this), predicate, thisArgument, 1, found);
    return found[0];
  },
  findIndex(predicate, thisArgument = undefined) {
    return findIndexOf(toObject(this), predicate, thisArgument, 1, [undefined]);
  },
  findLast(predicate, thisArgument = undefined) {
    const found = [undefined];
    findIndexOf(toObject(this), predicate, thisArgument, -1, found);
    return found[0];
  },
  findLastIndex(predicate, thisArgument = undefined) {
    return findIndexOf(toObject(this), predicate, thisArgument, -1, [undefined]);
  },
  flat(depth = undefined) {
    const o = toObject(this);
    const length = lengthOf(o);
    const levels = depth === undefined ? 1 : toInteger(depth);
    const species = arraySpecies(o);
    const array = createFrom(species, 0);
    flatten(array, species === undefined, 0, o, length, levels, undefined, undefined);
    return array;
  },
  flatMap(mapper, thisArgument = undefined) {
    const o = toObject(this);
    const length = lengthOf(o);
    if (!$isCallable(mapper)) throwTypeError("flatMap mapper function is not callable");
    const species = arraySpecies(o);
    const array = createFrom(species, 0);
    flatten(array, species === undefined, 0, o, length, 1, mapper, thisArgument);
    return array;
  },
  forEach(callback, thisArgument = undefined) {
    const o = toObject(this);
    const length = lengthOf(o);
    requireCallable(callback);
    for (let i = 0; i < length; i++) {
      const value = o[i];
      if (value !== undefined || isPresent(o, i)) $call(callback, thisArgument, value, i, o);
    }
  },
  includes(value, fromIndex = undefined) {
    "fast: arrayIncludes";
    const o = toObject(this);
    const length = lengthOf(o);
    if (length === 0) return false;
    const from = searchStart(fromIndex, length);
    if ($isDense(o) && o.length === length) return from < length && $arrayIndexOf(o, value, from, 1) >= 0;
    for (let i = from; i < length; i++) if ($sameValueZero(o[i], value)) return true;
    return false;
  },
  indexOf(value, fromIndex = undefined) {
    "fast: arrayIndexOf";
    const o = toObject(this);
    const length = lengthOf(o);
    if (length === 0) return -1;
    const from = searchStart(fromIndex, length);
    if ($isDense(o) && o.length === length) return from < length ? $arrayIndexOf(o, value, from, 0) : -1;
    for (let i = from; i < length; i++) if (o[i] === value && (value !== undefined || i in o)) return i;
    return -1;
  },
  join(separator) {
    const o = toObject(this);
    const length = lengthOf(o);
    return joinElements(o, length, separator === undefined ? "," : `${separator}`, undefined);
  },
  keys() {
    return newArrayIterator(toObject(this), 0);
  },
  lastIndexOf(value, ...from) {
    const o = toObject(this);
    const length = lengthOf(o);
    if (length === 0) return -1;
    let i = from.length > 0 ? toInteger(from[0]) : length - 1;
    if (i < 0) i += length;
    if (i >= length) i = length - 1;
    if (i >= 0 && $isDense(o) && o.length === length) return $arrayIndexOf(o, value, i, 2);
    for (; i >= 0; i--) if (o[i] === value && (value !== undefined || i in o)) return i;
    return -1;
  },
  map(callback, thisArgument = undefined) {
    const o = toObject(this);
    const length = lengthOf(o);
    requireCallable(callback);
    const species = arraySpecies(o);
    const array = createFrom(species, length);
    for (let i = 0; i < length; i++) {
      const value = o[i];
      if (value !== undefined || i in o) {
        if (species === undefined) $setElement(array, i, $call(callback, thisArgument, value, i, o));
        else createElement(array, false, i, $call(callback, thisArgument, value, i, o));
      }
    }
    return array;
  },
  pop() {
    "fast: arrayPop";
    const o = toObject(this);
    const length = lengthOf(o);
    if (length === 0) {
      o.length = 0;
      return undefined;
    }
    const value = o[length - 1];
    delete o[length - 1];
    o.length = length - 1;
    return value;
  },
  push(...values) {
    "fast: arrayPush";
    const o = toObject(this);
    let length = lengthOf(o);
    if (length + values.length > 9007199254740991) throwTypeError(`Pushing ${values.length} elements on an array-like of length ${length} is disallowed by ECMA-262`);
    for (let i = 0; i < values.length; i++) o[length++] = values[i];
    o.length = length;
    return length;
  },
  reduce(callback, ...initial) {
    return reduceElements(toObject(this), callback, 1, initial.length > 0, initial.length > 0 ? initial[0] : undefined);
  },
  reduceRight(callback, ...initial) {
    return reduceElements(toObject(this), callback, -1, initial.length > 0, initial.length > 0 ? initial[0] : undefined);
  },
  reverse() {
    const o = toObject(this);
    const length = lengthOf(o);
    if ($isDense(o)) {
      $arrayReverse(o);
      return o;
    }
    for (let low = 0, high = length - 1; low < high; low++, high--) {
      const hasLow = low in o;
      const lowValue = hasLow ? o[low] : undefined;
      const hasHigh = high in o;
      const highValue = hasHigh ? o[high] : undefined;
      if (hasHigh) o[low] = highValue;
      else if (hasLow) delete o[low];
      if (hasLow) o[high] = lowValue;
      else if (hasHigh) delete o[high];
    }
    return o;
  },
  shift() {
    "fast: arrayShift";
    const o = toObject(this);
    const length = lengthOf(o);
    if (length === 0) {
      o.length = 0;
      return undefined;
    }
    const first = o[0];
    moveElements(o, 0, 1, length - 1);
    delete o[length - 1];
    o.length = length - 1;
    return first;
  },
  slice(start = undefined, end = undefined) {
    "fast: arraySlice";
    const o = toObject(this);
    const length = lengthOf(o);
    const from = start === undefined ? 0 : relativeIndex(start, length);
    const to = relativeEnd(end, length);
    const count = to > from ? to - from : 0;
    const species = arraySpecies(o);
    if (species === undefined && $isDense(o) && o.length === length) return $arraySlice(o, from, from + count);
    const array = createFrom(species, count);
    for (let i = 0; i < count; i++) {
      const value = o[from + i];
      if (value !== undefined || from + i in o) createElement(array, species === undefined, i, value);
    }
    array.length = count;
    return array;
  },
  some(predicate, thisArgument = undefined) {
    return anyElement(toObject(this), predicate, thisArgument, true);
  },
  sort(compare) {
    requireComparator(compare);
    const o = toObject(this);
    const length = lengthOf(o);
    const dense = $isDense(o) && o.length === length;
    let values = o;
    if (!dense) {
      values = [];
      for (let i = 0; i < length; i++) {
        const value = o[i];
        if (value !== undefined || i in o) $push(values, value);
      }
    }
    const count = values.length;
    const sorted = sortValues(values, compare);
    for (let i = 0; i < count; i++) o[i] = sorted[i];
    for (let i = count; i < length; i++) if (i in o) delete o[i];
    return o;
  },
  splice(...list) {
    const o = toObject(this);
    const length = lengthOf(o);
    const from = list.length > 0 ? relativeIndex(list[0], length) : 0;
    const count = skipCount(list, length - from);
    const items = list.length > 2 ? $arraySlice(list, 2, list.length) : [];
    const added = items.length;
    if (length + added - count > 9007199254740991) throwTypeError("Invalid array length");
    const species = arraySpecies(o);
    const plain = species === undefined;
    const dense = plain && $isDense(o) && o.length === length;
    let removed;
    if (dense) {
      removed = $arraySlice(o, from, from + count);
    } else {
      removed = createFrom(species, count);
      for (let i = 0; i < count; i++) if (from + i in o) createElement(removed, plain, i, o[from + i]);
      removed.length = count;
    }
    const tail = length - from - count;
    if (dense && added > count) for (let i = count; i < added; i++) $push(o, undefined);
    if (added !== count) moveElements(o, from + added, from + count, tail);
    if (!dense) for (let i = length - 1; i >= length + added - count; i--) delete o[i];
    for (let i = 0; i < added; i++) o[from + i] = items[i];
    o.length = length + added - count;
    return removed;
  },
  toLocaleString() {
    const o = toObject(this);
    return joinElements(o, lengthOf(o), ",", (value) => `${value.toLocaleString()}`);
  },
  toReversed() {
    const o = toObject(this);
    const length = lengthOf(o);
    const copy = arrayCreate(length);
    for (let i = 0; i < length; i++) $setElement(copy, i, o[length - 1 - i]);
    return copy;
  },
  toSorted(compare) {
    requireComparator(compare);
    const o = toObject(this);
    return sortValues(copyElements(o, lengthOf(o)), compare);
  },
  toSpliced(...list) {
    const o = toObject(this);
    const length = lengthOf(o);
    const from = list.length > 0 ? relativeIndex(list[0], length) : 0;
    const skip = skipCount(list, length - from);
    const total = length - skip + (list.length > 2 ? list.length - 2 : 0);
    if (total > 9007199254740991) throwTypeError("Invalid array length");
    if (total > 4294967295) $throw(INVALID_ARRAY_LENGTH, undefined, undefined);
    const array = [];
    for (let i = 0; i < from; i++) $push(array, o[i]);
    for (let i = 2; i < list.length; i++) $push(array, list[i]);
    for (let i = from + skip; i < length; i++) $push(array, o[i]);
    return array;
  },
  toString() {
    const o = toObject(this);
    const join = o.join;
    return $isCallable(join) ? $call(join, o) : $call(objectToString, o);
  },
  unshift(...values) {
    const o = toObject(this);
    const length = lengthOf(o);
    const count = values.length;
    if (count > 0) {
      if (length + count > 9007199254740991) throwTypeError("Invalid array length");
      if ($isDense(o) && o.length === length) for (let i = 0; i < count; i++) $push(o, undefined);
      moveElements(o, count, 0, length);
      for (let i = 0; i < count; i++) o[i] = values[i];
    }
    o.length = length + count;
    return length + count;
  },
  values() {
    return newArrayIterator(toObject(this), 1);
  },
  with(index, value) {
    const o = toObject(this);
    const length = lengthOf(o);
    let i = toInteger(index);
    if (i < 0) i += length;
    if (i < 0 || i >= length) throwRangeError("Invalid index : " + index);
    const copy = arrayCreate(length);
    for (let j = 0; j < length; j++) $setElement(copy, j, j === i ? value : o[j]);
    return copy;
  },
});
$define(Array, "length", 1, CONFIGURABLE);
defineSpecies(Array);
const arrayValues = $getOwnValue(ArrayPrototype, "values");
$root("arrayValues", arrayValues);
$define(ArrayPrototype, symbolIterator, arrayValues, HIDDEN);
setLengths(ArrayPrototype, { slice: 2, concat: 1, push: 1, unshift: 1, splice: 2, toSpliced: 2, lastIndexOf: 1, reduce: 1, reduceRight: 1 });
$define(ArrayPrototype, symbolUnscopables, defineMembers($newObject(null), {
  at: true, copyWithin: true, entries: true, fill: true, find: true, findIndex: true, findLast: true, findLastIndex: true, flat: true,
  flatMap: true, includes: true, keys: true, toReversed: true, toSorted: true, toSpliced: true, values: true,
}, ALL), CONFIGURABLE);

/** How many elements splice removes: the second of its arguments, all without it, none without any. */
function skipCount(list, most) {
  if (list.length < 2) return list.length === 0 ? 0 : most;
  const count = toInteger(list[1]);
  return count < 0 ? 0 : count < most ? count : most;
}

/** Moves elements (and holes) within an array-like, one by one where the kernel cannot. */
function moveElements(o, to, from, count) {
  if ($isDense(o) && o.length >= to + count && o.length >= from + count) {
    if (count > 0) $arrayMove(o, to, from, count);
    return;
  }
  const step = to > from ? -1 : 1;
  for (let i = step > 0 ? 0 : count - 1; i >= 0 && i < count; i += step) {
    if (from + i in o) o[to + i] = o[from + i];
    else delete o[to + i];
  }
}
