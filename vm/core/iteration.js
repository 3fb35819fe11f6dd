// Iterators as compiled code uses them (ECMA-262 section 7.4), and for-in (14.7.5.9). An iterator is two values, the
// object and its next method; the immediate DONE says that it is exhausted.

/** 7.4.4 GetIterator(sync): [iterator, next]. `known`: the method, if it was looked up before. */
function getIterator(iterable, known) {
  const method = known ?? iterable?.[symbolIterator];
  if (!$isCallable(method)) $throw(NOT_ITERABLE, describeTyped(iterable), undefined);
  return iteratorFrom($call(method, iterable));
}
$root("getIterator", getIterator);

/** 7.4.2 GetIteratorDirect, after the check of 7.4.3. */
function iteratorFrom(iterator) {
  if (!$isObject(iterator)) throwTypeError(`Result of the Symbol.iterator method is not an object`);
  return [iterator, iterator.next];
}

/** 7.4.10 IteratorStepValue: the value, or DONE. `isSkipped`: 7.4.9 IteratorStep, nobody asks for the value. */
function iteratorNext(iterator, next, isSkipped) {
  return resultValue($call(next, iterator), isSkipped);
}

/** 7.4.6 IteratorComplete and 7.4.7 IteratorValue: the value, or DONE. */
function resultValue(result, isSkipped) {
  if (!$isObject(result)) $throw(RESULT_NOT_OBJECT, result, undefined);
  return result.done ? $done() : isSkipped ? undefined : result.value;
}
$root("resultValue", resultValue);
$root("iteratorNext", iteratorNext);

/** 7.4.11 IteratorClose for a completion that is not a throw. */
function iteratorClose(iterator) {
  const method = iterator.return;
  if (method === undefined || method === null) return;
  checkResult($call(method, iterator));
}
$root("iteratorClose", iteratorClose);

/** The same for a throw completion: what return throws is forgotten. */
function iteratorCloseQuiet(iterator) {
  try {
    iteratorClose(iterator);
  } catch {
    // The first error is the one to report.
  }
}
$root("iteratorCloseQuiet", iteratorCloseQuiet);

/** Is the value an array whose iteration nobody has changed, and which has no holes? Then a loop over indices may stand for it. */
function iteratesPlainly(value) {
  return $isDense(value) && value[symbolIterator] === arrayValues && $getOwnValue(ArrayIteratorPrototype, "next") === arrayIteratorNext;
}

/** 13.2.4.1 SpreadElement: appends what the iterable gives. */
function spread(array, iterable, known) {
  if (iteratesPlainly(iterable)) {
    $arrayConcat(array, iterable);
    return array;
  }
  const pair = getIterator(iterable, known);
  for (;;) {
    const value = iteratorNext(pair[0], pair[1]);
    if ($isDone(value)) return array;
    $push(array, value);
  }
}
$root("spread", spread);

/** Calls visit(value, index) for each value of an iterable and closes the iterator if that throws. */
function iterate(iterable, visit, known) {
  const pair = getIterator(iterable, known);
  for (let i = 0; ; i++) {
    const value = iteratorNext(pair[0], pair[1]);
    if ($isDone(value)) return;
    try {
      visit(value, i);
    } catch (error) {
      iteratorCloseQuiet(pair[0]);
      throw error;
    }
  }
}

/** 7.4.14 CreateIterResultObject. */
function iteratorResult(value, done) {
  return { value, done };
}

$root("iteratorReturn", function (iterator) {
  const method = iterator.return;
  return method === undefined || method === null ? undefined : $call(method, iterator);
});

function checkResult(value) {
  if (!$isObject(value)) $throw(RESULT_NOT_OBJECT, value, undefined);
  return value;
}
$root("checkResult", checkResult);

/** 15.5.5, yield*: one step of the inner iterator in the way the outer generator was resumed. */
function delegate(iterator, next, mode, sent) {
  if (mode === $$RESUME_NEXT) return $call(next, iterator, sent);
  const method = mode === $$RESUME_THROW ? iterator.throw : iterator.return;
  return method === undefined || method === null ? $done() : $call(method, iterator, sent);
}
$root("delegateStep", function (iterator, next, mode, sent) {
  const result = delegate(iterator, next, mode, sent);
  return $isDone(result) ? result : checkResult(result);
});
$root("asyncDelegateStep", delegate);

/** 7.4.4 GetIterator(async). */
$root("getAsyncIterator", function (iterable) {
  const method = iterable?.[symbolAsyncIterator];
  if (method === undefined || method === null) {
    const syncMethod = iterable?.[symbolIterator];
    if (!$isCallable(syncMethod)) throwTypeError(`${describeTyped(iterable)} is not async iterable`);
    const pair = iteratorFrom($call(syncMethod, iterable));
    const iterator = $newRecord($$BRAND_ASYNC_FROM_SYNC, AsyncFromSyncIteratorPrototype);
    $setSlot(iterator, $$ASYNC_FROM_SYNC_ITERATOR, pair[0]);
    $setSlot(iterator, $$ASYNC_FROM_SYNC_NEXT, pair[1]);
    return [iterator, iterator.next];
  }
  if (!$isCallable(method)) $throw(NOT_A_FUNCTION, describe(method), undefined);
  return iteratorFrom($call(method, iterable));
});

/** 14.7.5.6 ForIn/OfHeadEvaluation, enumerate: undefined and null have nothing to enumerate. */
$root("forIn", function (value) {
  const record = $newRecord($$BRAND_FOR_IN, null);
  if (value === undefined || value === null) return record;
  const object = toObject(value);
  $setSlot(record, $$FOR_IN_OBJECT, object);
  $setSlot(record, $$FOR_IN_KEYS, ownKeys(object));
  $setSlot(record, $$FOR_IN_INDEX, 0);
  return record;
});

/** 14.7.5.9 EnumerateObjectProperties: the next key, or DONE. `seen` has the key lists of the objects already done, which shadow. */
$root("forInNext", function (record) {
  let object = $slot(record, $$FOR_IN_OBJECT);
  if (object === undefined) return $done();
  let keys = $slot(record, $$FOR_IN_KEYS);
  let index = $slot(record, $$FOR_IN_INDEX);
  for (;;) {
    while (index < keys.length) {
      const key = keys[index++];
      if (typeof key === "symbol") continue;
      const attributes = ownAttributes(object, key);
      if (attributes < 0 || !(attributes & ENUMERABLE) || isShadowed($slot(record, $$FOR_IN_SEEN), key)) continue;
      $setSlot(record, $$FOR_IN_INDEX, index);
      return key;
    }
    const seen = $slot(record, $$FOR_IN_SEEN);
    if (seen === undefined) $setSlot(record, $$FOR_IN_SEEN, [keys]);
    else $push(seen, keys);
    object = $getPrototype(object);
    if (object === null) {
      $setSlot(record, $$FOR_IN_OBJECT, undefined);
      return $done();
    }
    keys = ownKeys(object);
    index = 0;
    $setSlot(record, $$FOR_IN_OBJECT, object);
    $setSlot(record, $$FOR_IN_KEYS, keys);
  }
});

function isShadowed(seen, key) {
  if (seen === undefined) return false;
  for (let i = 0; i < seen.length; i++) if ($arrayIndexOf(seen[i], key, 0, 0) >= 0) return true;
  return false;
}
