// Array.fromAsync (ECMA-262 section 23.1.2.2): what an asynchronous iterable, an iterable or an array-like gives, awaited
// one after the other. It is an async function of the core, so that a program can be stopped and moved while it waits;
// the method itself is an ordinary one, as its prototype shows.

/** A method, or undefined if there is none. */
function methodOf(object, key) {
  const method = object[key];
  if (method === undefined || method === null) return undefined;
  if (!$isCallable(method)) $throw(NOT_A_FUNCTION, describe(method), undefined);
  return method;
}

/** 27.1.6.1 CreateAsyncFromSyncIterator: [iterator, next]. */
function asyncFromSync(pair) {
  const iterator = $newRecord($$BRAND_ASYNC_FROM_SYNC, AsyncFromSyncIteratorPrototype);
  $setSlot(iterator, $$ASYNC_FROM_SYNC_ITERATOR, pair[0]);
  $setSlot(iterator, $$ASYNC_FROM_SYNC_NEXT, pair[1]);
  return [iterator, iterator.next];
}

async function collectAsync(constructor, items, mapper, thisArgument) {
  if (mapper !== undefined) requireCallable(mapper);
  const asyncMethod = methodOf(items, symbolAsyncIterator);
  const method = asyncMethod === undefined ? methodOf(items, symbolIterator) : undefined;
  if (asyncMethod === undefined && method === undefined) return collectArrayLike(constructor, toObject(items), mapper, thisArgument);
  const pair = asyncMethod !== undefined ? iteratorFrom($call(asyncMethod, items)) : asyncFromSync(iteratorFrom($call(method, items)));
  const target = $isConstructor(constructor) ? $construct(constructor, constructor, []) : [];
  for (let i = 0; ; i++) {
    const value = resultValue(await $call(pair[1], pair[0]));
    if ($isDone(value)) {
      target.length = i;
      return target;
    }
    try {
      defineField(target, i, mapper === undefined ? value : await $call(mapper, thisArgument, value, i));
    } catch (error) {
      await closeQuietly(pair[0]);
      throw error;
    }
  }
}

async function collectArrayLike(constructor, items, mapper, thisArgument) {
  const length = lengthOf(items);
  const target = $isConstructor(constructor) ? $construct(constructor, constructor, [length]) : arrayCreate(length);
  for (let i = 0; i < length; i++) {
    const value = await items[i];
    defineField(target, i, mapper === undefined ? value : await $call(mapper, thisArgument, value, i));
  }
  target.length = length;
  return target;
}

/** 7.4.13 AsyncIteratorClose for a throw. */
async function closeQuietly(iterator) {
  try {
    const method = methodOf(iterator, "return");
    if (method !== undefined) await $call(method, iterator);
  } catch {
    // The first error is the one to report.
  }
}

defineMethods(Array, {
  fromAsync(items, mapper = undefined, thisArgument = undefined) {
    return collectAsync(this, items, mapper, thisArgument);
  },
});
