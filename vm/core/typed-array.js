// ArrayBuffer, the typed arrays and DataView (ECMA-262 sections 25.1, 23.2, 25.3). A typed array refers to the record of
// its ArrayBuffer, whose slot `bytes` is undefined once it is detached and another cell once it was resized; so lengths
// are asked of the kernel each time. Methods that only read elements one by one are Array's, behind a check.

const ArrayBufferPrototype = defineTag($newObject(ObjectPrototype), "ArrayBuffer");
const elementSizes = [1, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8];

function newBuffer(length, prototype) {
  if (length > 134217000) throwRangeError("Array buffer allocation failed");
  return newWrapper($$BRAND_ARRAY_BUFFER, prototype, $newBytes(length));
}

/** 25.1.4.1 ArrayBuffer(length, options). */
function ArrayBuffer(length, options = undefined) {
  if (new.target === undefined) throwTypeError("Constructor ArrayBuffer requires 'new'");
  const size = toIndex(length, "Array buffer allocation failed");
  const given = $isObject(options) ? options.maxByteLength : undefined;
  const most = given === undefined ? undefined : toIndex(given, "Invalid array buffer max length");
  if (most > 134217000 || size > most) throwRangeError("Invalid array buffer max length");
  const buffer = newBuffer(size, prototypeOf(new.target, ArrayBufferPrototype));
  $setSlot(buffer, $$ARRAY_BUFFER_MAX_LENGTH, most);
  return buffer;
}

function requireBuffer(value, method) {
  if ($brand(value) !== $$BRAND_ARRAY_BUFFER || $slot(value, $$ARRAY_BUFFER_SHARED)) throwIncompatible(`ArrayBuffer.prototype.${method}`, value);
  return value;
}

/** The bytes of a buffer that is not detached. */
function attachedBytes(buffer, method) {
  const bytes = $slot(buffer, 0);
  if (bytes === undefined) throwTypeError(`Cannot perform ${method} on a detached ArrayBuffer`);
  return bytes;
}

function byteLengthOf(buffer) {
  const bytes = $slot(buffer, 0);
  return bytes === undefined ? 0 : $bytesLength(bytes);
}

/** A copy of bytes with another length. */
function copyBytes(bytes, from, length) {
  const copy = $newBytes(length);
  const present = $bytesLength(bytes) - from;
  $bytesMove(copy, 0, bytes, from, present < length ? present : length);
  return copy;
}

function transferBuffer(buffer, length, method, keepsMost) {
  const bytes = attachedBytes(requireBuffer(buffer, method), `ArrayBuffer.prototype.${method}`);
  const size = length === undefined ? $bytesLength(bytes) : toIndex(length, "Invalid array buffer length");
  const target = newWrapper($$BRAND_ARRAY_BUFFER, ArrayBufferPrototype, copyBytes(bytes, 0, size));
  if (keepsMost) $setSlot(target, $$ARRAY_BUFFER_MAX_LENGTH, $slot(buffer, $$ARRAY_BUFFER_MAX_LENGTH));
  $setSlot(buffer, 0, undefined);
  return target;
}

defineConstructor(ArrayBuffer, ArrayBufferPrototype, {
  isView(value) {
    return $kind(value) === $$CELL_TYPED_ARRAY;
  },
}, {
  get byteLength() {
    return byteLengthOf(requireBuffer(this, "byteLength"));
  },
  get detached() {
    return $slot(requireBuffer(this, "detached"), 0) === undefined;
  },
  get maxByteLength() {
    const most = $slot(requireBuffer(this, "maxByteLength"), $$ARRAY_BUFFER_MAX_LENGTH);
    return most === undefined || $slot(this, 0) === undefined ? byteLengthOf(this) : most;
  },
  get resizable() {
    return $slot(requireBuffer(this, "resizable"), $$ARRAY_BUFFER_MAX_LENGTH) !== undefined;
  },
  resize(length) {
    const most = $slot(requireBuffer(this, "resize"), $$ARRAY_BUFFER_MAX_LENGTH);
    if (most === undefined) throwIncompatible("ArrayBuffer.prototype.resize", this);
    const size = toIndex(length, "ArrayBuffer.prototype.resize: Invalid length parameter");
    const bytes = attachedBytes(this, "ArrayBuffer.prototype.resize");
    if (size > most) throwRangeError("ArrayBuffer.prototype.resize: Invalid length parameter");
    $setSlot(this, 0, copyBytes(bytes, 0, size));
  },
  slice(start, end) {
    const bytes = attachedBytes(requireBuffer(this, "slice"), "ArrayBuffer.prototype.slice");
    const length = $bytesLength(bytes);
    const from = relativeIndex(start, length);
    const to = relativeEnd(end, length);
    const size = to > from ? to - from : 0;
    const species = speciesConstructor(this, ArrayBuffer);
    if (species === undefined) return newWrapper($$BRAND_ARRAY_BUFFER, ArrayBufferPrototype, copyBytes(bytes, from, size));
    const target = requireBuffer($construct(species, species, [size]), "slice");
    const targetBytes = attachedBytes(target, "ArrayBuffer.prototype.slice");
    if (target === this) throwTypeError("ArrayBuffer subclass returned this from species constructor");
    if ($bytesLength(targetBytes) < size) throwTypeError("Species constructor returned a too small ArrayBuffer");
    $bytesMove(targetBytes, 0, attachedBytes(this, "ArrayBuffer.prototype.slice"), from, size);
    return target;
  },
  transfer(length = undefined) {
    return transferBuffer(this, length, "transfer", true);
  },
  transferToFixedLength(length = undefined) {
    return transferBuffer(this, length, "transferToFixedLength", false);
  },
});
defineSpecies(ArrayBuffer);

// 23.2.1 The %TypedArray% intrinsic object.

function isTyped(value) {
  return $kind(value) === $$CELL_TYPED_ARRAY && $typedInfo(value, 0) !== $$TYPE_DATA_VIEW;
}

/** Elements that a typed array has now; none if it is detached or out of its buffer's bounds. */
function typedLength(array) {
  const length = $typedInfo(array, 4);
  return length < 0 ? 0 : length;
}

/** 23.2.4.4 ValidateTypedArray: the length. */
function validTyped(value, method) {
  if (!isTyped(value)) throwTypeError("this is not a typed array.");
  const length = $typedInfo(value, 4);
  if (length < 0) throwTypeError(`Cannot perform %TypedArray%.prototype.${method} on a detached ArrayBuffer`);
  return length;
}

/** Where an element lies in its buffer's bytes. */
function byteOffsetOf(array, index) {
  return $typedInfo(array, 2) + index * elementSizes[$typedInfo(array, 0)];
}

function bytesOf(array) {
  return $slot($typedInfo(array, 1), 0);
}

/** A new typed array with a buffer of its own. */
function allocateTyped(prototype, type, length) {
  return $newTyped(prototype, type, newBuffer(length * elementSizes[type], ArrayBufferPrototype), 0, length);
}

/** A typed array of the same kind as another, by the intrinsic constructor. */
function sameTyped(array, length) {
  return allocateTyped(typedPrototypes[$typedInfo(array, 0)], $typedInfo(array, 0), length);
}

/** 23.2.4.2 TypedArrayCreateFromCtor. */
function createTyped(constructor, list) {
  const array = $construct(constructor, constructor, list);
  const length = validTyped(array, "constructor");
  if (list.length === 1 && typeof list[0] === "number" && length < list[0]) throwTypeError("Derived TypedArray constructor created an array which was too small");
  return array;
}

/** 23.2.4.1 TypedArraySpeciesCreate. */
function createTypedLike(array, list) {
  const standard = typedConstructors[$typedInfo(array, 0)];
  const species = speciesConstructor(array, standard);
  const result = createTyped(species === undefined ? standard : species, list);
  requireSameContent(array, result);
  return result;
}

const TypedArrayPrototype = $newObject(ObjectPrototype);

/** 23.2.1.1 %TypedArray%(). */
function TypedArray() {
  throwTypeError("Abstract class TypedArray not directly constructable");
}

/** A method of Array's for typed arrays. */
function shareWithTyped(name) {
  const method = $getOwnValue(ArrayPrototype, name);
  const shared = $getOwnValue({
    [name](...list) {
      validTyped(this, name);
      return $apply(method, this, list);
    },
  }, name);
  $define(shared, "length", method.length, CONFIGURABLE);
  $define(TypedArrayPrototype, name, shared, HIDDEN);
}

function compareNumbers(a, b) {
  if (a !== a || b !== b) return a !== a ? (b !== b ? 0 : 1) : -1;
  return a < b ? -1 : a > b ? 1 : a === 0 ? ($sameValue(a, b) ? 0 : $sameValue(a, -0) ? -1 : 1) : 0;
}

/** The sorted elements, as a list. */
function sortTyped(array, length, compare) {
  const list = copyElements(array, length);
  // Integers have neither NaN nor -0, so merging by the kernel gives the same.
  if (compare === undefined && $typedInfo(array, 0) < $$TYPE_FLOAT32) return mergeSortBulk(list, 1);
  return mergeSort(list, compare === undefined ? compareNumbers : compare);
}

/** A value as an element of that type. */
function toElement(type, value) {
  return type > $$TYPE_FLOAT64 ? toBigInt(value) : toNumber(value);
}

/** Elements of both are numbers, or of both BigInts. */
function requireSameContent(a, b) {
  if ($typedInfo(a, 0) > $$TYPE_FLOAT64 !== $typedInfo(b, 0) > $$TYPE_FLOAT64) throwMixed();
}

/** Fills a typed array from a list or array-like. */
function setElements(array, offset, source, length) {
  for (let i = 0; i < length; i++) array[offset + i] = source[i];
  return array;
}

/** 23.2.3.26.1 SetTypedArrayFromTypedArray. */
function setFromTyped(array, offset, source) {
  const length = validTyped(source, "set");
  requireSameContent(array, source);
  if (offset + length > typedLength(array)) throwRangeError("offset is out of bounds");
  const type = $typedInfo(array, 0);
  if (type === $typedInfo(source, 0)) $bytesMove(bytesOf(array), byteOffsetOf(array, offset), bytesOf(source), $typedInfo(source, 2), length * elementSizes[type]);
  else setElements(array, offset, copyElements(source, length), length);
}

defineConstructor(TypedArray, TypedArrayPrototype, {
  from(source, mapper = undefined, thisArgument = undefined) {
    if (!$isConstructor(this)) $throw(NOT_A_CONSTRUCTOR, describe(this), undefined);
    if (mapper !== undefined) requireCallable(mapper);
    const values = typedSource(source);
    const length = lengthOf(values);
    const array = createTyped(this, [length]);
    for (let i = 0; i < length; i++) array[i] = mapper === undefined ? values[i] : $call(mapper, thisArgument, values[i], i);
    return array;
  },
  of(...values) {
    if (!$isConstructor(this)) $throw(NOT_A_CONSTRUCTOR, describe(this), undefined);
    return setElements(createTyped(this, [values.length]), 0, values, values.length);
  },
}, {
  get buffer() {
    return $typedInfo(requireTyped(this, "buffer"), 1);
  },
  get byteLength() {
    return typedLength(requireTyped(this, "byteLength")) * elementSizes[$typedInfo(this, 0)];
  },
  get byteOffset() {
    return $typedInfo(requireTyped(this, "byteOffset"), 4) < 0 ? 0 : $typedInfo(this, 2);
  },
  copyWithin(target, start, end = undefined) {
    const length = validTyped(this, "copyWithin");
    const to = relativeIndex(target, length);
    const from = relativeIndex(start, length);
    const last = relativeEnd(end, length);
    const now = validTyped(this, "copyWithin");
    let count = $math2(4, last - from, length - to);
    count = $math2(4, count, now - $math2(3, from, to));
    if (count > 0) {
      $bytesMove(bytesOf(this), byteOffsetOf(this, to), bytesOf(this), byteOffsetOf(this, from), count * elementSizes[$typedInfo(this, 0)]);
    }
    return this;
  },
  fill(value, start = undefined, end = undefined) {
    const length = validTyped(this, "fill");
    const element = toElement($typedInfo(this, 0), value);
    const from = start === undefined ? 0 : relativeIndex(start, length);
    const to = relativeEnd(end, length);
    const now = validTyped(this, "fill");
    if (from < to && from < now) $typedFill(this, element, from, to < now ? to : now);
    return this;
  },
  filter(predicate, thisArgument = undefined) {
    const length = validTyped(this, "filter");
    requireCallable(predicate);
    const kept = [];
    for (let i = 0; i < length; i++) {
      const value = this[i];
      if ($call(predicate, thisArgument, value, i, this)) $push(kept, value);
    }
    return setElements(createTypedLike(this, [kept.length]), 0, kept, kept.length);
  },
  get length() {
    return typedLength(requireTyped(this, "length"));
  },
  map(callback, thisArgument = undefined) {
    const length = validTyped(this, "map");
    requireCallable(callback);
    const array = createTypedLike(this, [length]);
    for (let i = 0; i < length; i++) array[i] = $call(callback, thisArgument, this[i], i, this);
    return array;
  },
  set(source, offset = undefined) {
    requireTyped(this, "set");
    const at = toInteger(offset);
    if (at < 0) throwRangeError("offset is out of bounds");
    validTyped(this, "set");
    if (isTyped(source)) {
      setFromTyped(this, at, source);
      return;
    }
    const from = toObject(source);
    const length = lengthOf(from);
    if (at + length > typedLength(this)) throwRangeError("offset is out of bounds");
    setElements(this, at, from, length);
  },
  slice(start, end) {
    const length = validTyped(this, "slice");
    const from = relativeIndex(start, length);
    const to = relativeEnd(end, length);
    const count = to > from ? to - from : 0;
    const array = createTypedLike(this, [count]);
    if (count === 0) return array;
    const now = validTyped(this, "slice");
    const most = (to < now ? to : now) - from;
    if (most <= 0) return array;
    const offset = byteOffsetOf(this, from);
    if ($typedInfo(array, 0) !== $typedInfo(this, 0)) return setElements(array, 0, copyElements($newTyped(TypedArrayPrototype, $typedInfo(this, 0), $typedInfo(this, 1), offset, most), most), most);
    $bytesMove(bytesOf(array), $typedInfo(array, 2), bytesOf(this), offset, most * elementSizes[$typedInfo(this, 0)]);
    return array;
  },
  sort(compare) {
    requireComparator(compare);
    const length = validTyped(this, "sort");
    return setElements(this, 0, sortTyped(this, length, compare), length);
  },
  subarray(start, end) {
    requireTyped(this, "subarray");
    const length = typedLength(this);
    const from = relativeIndex(start, length);
    const to = relativeEnd(end, length);
    const list = [$typedInfo(this, 1), byteOffsetOf(this, from)];
    if ($typedInfo(this, 3) >= 0 || end !== undefined) $push(list, to > from ? to - from : 0);
    return createTypedLike(this, list);
  },
  toReversed() {
    const length = validTyped(this, "toReversed");
    const copy = sameTyped(this, length);
    for (let i = 0; i < length; i++) copy[i] = this[length - 1 - i];
    return copy;
  },
  toSorted(compare) {
    requireComparator(compare);
    const length = validTyped(this, "toSorted");
    return setElements(sameTyped(this, length), 0, sortTyped(this, length, compare), length);
  },
  with(index, value) {
    const length = validTyped(this, "with");
    let i = toInteger(index);
    if (i < 0) i += length;
    const element = toElement($typedInfo(this, 0), value);
    if (i < 0 || i >= typedLength(this)) throwRangeError("Invalid typed array index");
    const copy = setElements(sameTyped(this, length), 0, this, length);
    copy[i] = element;
    return copy;
  },
  get [symbolToStringTag]() {
    return isTyped(this) ? typedNames[$typedInfo(this, 0)] : undefined;
  },
});
$deleteOwn(globalObject, "TypedArray");
defineSpecies(TypedArray);

function requireTyped(value, method) {
  if (!isTyped(value)) throwTypeError(`Not a typed array: %TypedArray%.prototype.${method}`);
  return value;
}

const sharedNames = splitText("at every find findIndex findLast findLastIndex forEach includes indexOf join keys entries values lastIndexOf reduce reduceRight reverse some toLocaleString", " ");
for (let i = 0; i < sharedNames.length; i++) shareWithTyped(sharedNames[i]);
$define(TypedArrayPrototype, "toString", $getOwnValue(ArrayPrototype, "toString"), HIDDEN);
$define(TypedArrayPrototype, symbolIterator, $getOwnValue(TypedArrayPrototype, "values"), HIDDEN);

/** What a typed array is made from, as a list or array-like. */
function typedSource(source) {
  const method = source === undefined || source === null ? undefined : source[symbolIterator];
  if (method === undefined || method === null) return toObject(source);
  if (isTyped(source) && method === $getOwnValue(TypedArrayPrototype, "values")) return copyElements(source, validTyped(source, "constructor"));
  return spread([], source);
}

const typedNames = splitText("Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array", " ");
const typedConstructors = [];
const typedPrototypes = [];

/** 23.2.5.1 TypedArray(...), for one element type. */
function constructTyped(target, type, first, offset, length) {
  if (target === undefined) throwTypeError(`Constructor ${typedNames[type]} requires 'new'`);
  const prototype = typedPrototypes[type];
  if (!$isObject(first)) {
    const count = toIndex(first, `Invalid typed array length: ${describe(first)}`);
    return allocateTyped(prototypeOf(target, prototype), type, count);
  }
  const actual = prototypeOf(target, prototype);
  if ($brand(first) === $$BRAND_ARRAY_BUFFER) return typedView(first, offset, length, actual, type);
  if (isTyped(first)) {
    const array = allocateTyped(actual, type, validTyped(first, "constructor"));
    setFromTyped(array, 0, first);
    return array;
  }
  const values = typedSource(first);
  const count = lengthOf(values);
  return setElements(allocateTyped(actual, type, count), 0, values, count);
}
/** 23.2.5.1.3 InitializeTypedArrayFromArrayBuffer. */
function typedView(buffer, offset, length, actual, type) {
  const size = elementSizes[type];
  const at = toIndex(offset, "Start offset is too large:");
  if (at % size !== 0) throwRangeError(`start offset of ${typedNames[type]} should be a multiple of ${size}`);
  const count = length === undefined ? undefined : toIndex(length, `Invalid typed array length: ${describe(length)}`);
  const bytes = $bytesLength(attachedBytes(buffer, "Construct"));
  if (count === undefined) {
    const tracks = $slot(buffer, $$ARRAY_BUFFER_MAX_LENGTH) !== undefined;
    if (!tracks && bytes % size !== 0) throwRangeError(`byte length of ${typedNames[type]} should be a multiple of ${size}`);
    if (at > bytes) throwRangeError(`Start offset ${at} is outside the bounds of the buffer`);
    return $newTyped(actual, type, buffer, at, tracks ? -1 : (bytes - at) / size);
  }
  if (at + count * size > bytes) throwRangeError(`Invalid typed array length: ${count}`);
  return $newTyped(actual, type, buffer, at, count);
}
function makeTypedKind(type, name) {
  const size = elementSizes[type];
  const prototype = $newObject(TypedArrayPrototype);
  function Kind(first, offset, length) {
    return constructTyped(new.target, type, first, offset, length);
  }
  $setFunctionName(Kind, name);
  $setPrototype(Kind, TypedArray);
  $define(Kind, "length", 3, CONFIGURABLE);
  $define(Kind, "prototype", prototype, 0);
  $define(prototype, "constructor", Kind, HIDDEN);
  defineConstants(Kind, { BYTES_PER_ELEMENT: size });
  defineConstants(prototype, { BYTES_PER_ELEMENT: size });
  $define(globalObject, name, Kind, HIDDEN);
  $push(typedConstructors, Kind);
  $push(typedPrototypes, prototype);
}
for (let i = 0; i < typedNames.length; i++) makeTypedKind(i, typedNames[i]);

// 25.3 DataView.

const DataViewPrototype = defineTag($newObject(ObjectPrototype), "DataView");

/** 25.3.2.1 DataView(buffer, byteOffset, byteLength). */
function DataView(buffer, byteOffset = undefined, byteLength = undefined) {
  if (new.target === undefined) throwTypeError("Constructor DataView requires 'new'");
  if ($brand(buffer) !== $$BRAND_ARRAY_BUFFER) throwTypeError("First argument to DataView constructor must be an ArrayBuffer");
  const offset = toIndex(byteOffset, `Start offset ${describe(byteOffset)} is outside the bounds of the buffer`);
  const size = $bytesLength(attachedBytes(buffer, "DataView"));
  if (offset > size) throwRangeError(`Start offset ${offset} is outside the bounds of the buffer`);
  const tracks = byteLength === undefined && $slot(buffer, $$ARRAY_BUFFER_MAX_LENGTH) !== undefined;
  const length = byteLength === undefined ? size - offset : toIndex(byteLength, `Invalid DataView length ${describe(byteLength)}`);
  if (offset + length > size) throwRangeError(`Invalid DataView length ${length}`);
  const prototype = prototypeOf(new.target, DataViewPrototype);
  const present = $bytesLength(attachedBytes(buffer, "DataView"));
  if (offset > present || !tracks && offset + length > present) throwRangeError(`Invalid DataView length ${length}`);
  return $newTyped(prototype, $$TYPE_DATA_VIEW, buffer, offset, tracks ? -1 : length);
}

function requireView(value, method) {
  if ($kind(value) !== $$CELL_TYPED_ARRAY || $typedInfo(value, 0) !== $$TYPE_DATA_VIEW) throwIncompatible(`DataView.prototype.${method}`, value);
  return value;
}

function viewLength(view, method) {
  const length = $typedInfo(requireView(view, method), 4);
  if (length < 0) throwTypeError(`Cannot perform DataView.prototype.${method} on a detached ArrayBuffer`);
  return length;
}

defineConstructor(DataView, DataViewPrototype, {}, {
  get buffer() {
    return $typedInfo(requireView(this, "buffer"), 1);
  },
  get byteLength() {
    return viewLength(this, "byteLength");
  },
  get byteOffset() {
    viewLength(this, "byteOffset");
    return $typedInfo(this, 2);
  },
});
$define(DataView, "length", 1, CONFIGURABLE);

/** Where a DataView's bytes lie in its buffer; a RangeError if an element there were outside. */
function viewPlace(view, index, type, method) {
  const length = viewLength(view, method);
  if (index + elementSizes[type] > length) throwRangeError("Offset is outside the bounds of the DataView");
  return $typedInfo(view, 2) + index;
}
/** The operand `byteOffset` of a method. */
function viewIndex(view, byteOffset, method) {
  requireView(view, method);
  return toIndex(byteOffset, "Offset is outside the bounds of the DataView");
}
/** 25.3.1.5 GetViewValue. */
function getView(view, byteOffset, littleEndian, type, method) {
  const index = viewIndex(view, byteOffset, method);
  return $bytesRead(bytesOf(view), viewPlace(view, index, type, method), type, !!littleEndian);
}
/** 25.3.1.6 SetViewValue. */
function setView(view, byteOffset, value, littleEndian, type, method) {
  const index = viewIndex(view, byteOffset, method);
  const element = toElement(type, value);
  $bytesWrite(bytesOf(view), viewPlace(view, index, type, method), type, !!littleEndian, element);
}
function makeViewMethods(type, name) {
  const getter = `get${name}`;
  const setter = `set${name}`;
  defineMethods(DataViewPrototype, {
    [getter](byteOffset, littleEndian = undefined) {
      return getView(this, byteOffset, littleEndian, type, getter);
    },
    [setter](byteOffset, value, littleEndian = undefined) {
      setView(this, byteOffset, value, littleEndian, type, setter);
    },
  });
}
for (let i = 0; i < typedNames.length; i++) {
  if (i !== $$TYPE_UINT8_CLAMPED) makeViewMethods(i, $substring(typedNames[i], 0, typedNames[i].length - 5));
}
