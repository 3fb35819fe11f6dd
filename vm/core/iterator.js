// Iterator, the iterators of arrays and strings, and generator objects (ECMA-262 sections 23.1.5, 22.1.5, 27.1, 27.5).
// A generator is a COROUTINE whose frame the kernel keeps; `$resume` is the only way into it.

const IteratorPrototype = $newObject(ObjectPrototype);
$root("IteratorPrototype", IteratorPrototype);
defineMethods(IteratorPrototype, {
  [symbolIterator]() {
    return this;
  },
});

/** A prototype object of a kind of iterators. */
function makeIteratorPrototype(tag, members) {
  return defineTag(defineMethods($newObject(IteratorPrototype), members), tag);
}

/** 23.1.5.2.1 %ArrayIteratorPrototype%.next. */
const ArrayIteratorPrototype = makeIteratorPrototype("Array Iterator", {
  next() {
    if ($brand(this) !== $$BRAND_ARRAY_ITERATOR) throwIncompatible("Array Iterator.prototype.next", this);
    const array = $slot(this, $$ARRAY_ITERATOR_ARRAY);
    if (array === undefined) return iteratorResult(undefined, true);
    const index = $slot(this, $$ARRAY_ITERATOR_INDEX);
    if (index >= (isTyped(array) ? validTyped(array, "next") : lengthOf(array))) {
      $setSlot(this, $$ARRAY_ITERATOR_ARRAY, undefined);
      return iteratorResult(undefined, true);
    }
    $setSlot(this, $$ARRAY_ITERATOR_INDEX, index + 1);
    const kind = $slot(this, $$ARRAY_ITERATOR_KIND);
    return iteratorResult(kind === 0 ? index : kind === 1 ? array[index] : [index, array[index]], false);
  },
});
$root("ArrayIteratorPrototype", ArrayIteratorPrototype);
const arrayIteratorNext = $getOwnValue(ArrayIteratorPrototype, "next");
$root("arrayIteratorNext", arrayIteratorNext);

/** 22.1.5.1 %StringIteratorPrototype%. */
const StringIteratorPrototype = makeIteratorPrototype("String Iterator", {
  next() {
    if ($brand(this) !== $$BRAND_STRING_ITERATOR) throwIncompatible("String Iterator.prototype.next", this);
    const text = $slot(this, $$STRING_ITERATOR_STRING);
    const index = $slot(this, $$STRING_ITERATOR_INDEX);
    if (index >= text.length) return iteratorResult(undefined, true);
    const point = $codePoint(text, index);
    $setSlot(this, $$STRING_ITERATOR_INDEX, index + (point > 65535 ? 2 : 1));
    return iteratorResult($fromCodePoint(point), false);
  },
});

// 27.3 GeneratorFunction and 27.5 Generator objects.
const GeneratorPrototype = makeIteratorPrototype("Generator", {
  next(value) {
    return resumeGenerator(this, $$RESUME_NEXT, value, "next");
  },
  return(value) {
    return resumeGenerator(this, $$RESUME_RETURN, value, "return");
  },
  throw(error) {
    return resumeGenerator(this, $$RESUME_THROW, error, "throw");
  },
});

$root("GeneratorPrototype", GeneratorPrototype);
$root("generatorNext", $getOwnValue(GeneratorPrototype, "next"));
$root("GeneratorFunctionPrototype", makeFunctionKind("GeneratorFunction", GeneratorPrototype));

/** The prototype of generator functions or async functions; their constructors are reachable from it only. */
function makeFunctionKind(name, instancePrototype) {
  const prototype = defineTag($newObject(FunctionPrototype), name);
  function Kind(...texts) {
    return functionOfTexts(texts, name, new.target === undefined ? Kind : new.target, prototype);
  }
  $setFunctionName(Kind, name);
  $define(Kind, "length", 1, CONFIGURABLE);
  $setPrototype(Kind, Function);
  $define(Kind, "prototype", prototype, 0);
  $define(prototype, "constructor", Kind, CONFIGURABLE);
  if (instancePrototype !== undefined) {
    $define(prototype, "prototype", instancePrototype, CONFIGURABLE);
    $define(instancePrototype, "constructor", prototype, CONFIGURABLE);
  }
  return prototype;
}

/** 27.5.3.3 GeneratorResume and 27.5.3.4 GeneratorResumeAbrupt. */
function resumeGenerator(generator, mode, value, method) {
  if ($brand(generator) !== $$BRAND_COROUTINE || $slot(generator, $$COROUTINE_EXTRA) !== 0) throwIncompatible(`[Generator].prototype.${method}`, generator);
  let state = $coroutineState(generator);
  if (state === $$COROUTINE_START && mode !== $$RESUME_NEXT) {
    $setCoroutineState(generator, $$COROUTINE_DONE);
    state = $$COROUTINE_DONE;
  }
  if (state === $$COROUTINE_DONE) {
    if (mode === $$RESUME_THROW) throw value;
    return iteratorResult(mode === $$RESUME_RETURN ? value : undefined, true);
  }
  const result = $resume(generator, mode, value);
  const after = $coroutineState(generator);
  // yield* hands on the inner iterator's result objects as they are.
  return after === $$COROUTINE_AWAIT ? result : iteratorResult(result, after === $$COROUTINE_DONE);
}
