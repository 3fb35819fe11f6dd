// WeakRef and FinalizationRegistry (ECMA-262 sections 26.1 and 26.2). A weak edge is a table of one weak key, which an
// epoch empties when nothing else refers to it (C5), so whether a target is still there is the same on every host. A
// target that a program has seen stays to the end of the job: a job that is enqueued for that holds it. Registries look
// for what is gone when they are used, and by a job after that: nothing runs a program's callback by itself, so that a
// program which waits for nothing else ends.

/** 9.14 CanBeHeldWeakly. */
function canBeHeldWeakly(value) {
  return $isObject(value) || typeof value === "symbol" && !$isRegistered(value);
}

const WeakRefPrototype = defineTag($newObject(ObjectPrototype), "WeakRef");
const FinalizationRegistryPrototype = defineTag($newObject(ObjectPrototype), "FinalizationRegistry");

/** A weak edge; its value says if a job holds the target now. */
function newWeakEdge(target) {
  return $tableSet($newTable(2, true), target, false);
}

/** Where a weak edge leads, undefined if that is gone. */
function weakTarget(edge) {
  const at = $tableNext(edge, 0);
  return at < 0 ? undefined : $tableKey(edge, at);
}

/** 9.10.3 AddToKeptObjects. */
function keepTarget(edge, target) {
  if ($tableGet(edge, target)) return;
  $tableSet(edge, target, true);
  enqueueJob(letGo, edge, target, undefined);
}
function letGo(edge, target) {
  $tableSet(edge, target, false);
}

/** 26.1.1.1 WeakRef(target). */
function WeakRef(target) {
  if (new.target === undefined) throwTypeError("Constructor WeakRef requires 'new'");
  if (!canBeHeldWeakly(target)) throwTypeError("WeakRef: target must be an object or a symbol that is not registered");
  const reference = newInstance(new.target, "WeakRef", $$BRAND_WEAK_REF, WeakRefPrototype);
  const edge = $setSlot(reference, $$WEAK_REF_TARGET, newWeakEdge(target));
  keepTarget(edge, target);
  return reference;
}
defineConstructor(WeakRef, WeakRefPrototype, {}, {
  deref() {
    if ($brand(this) !== $$BRAND_WEAK_REF) throwIncompatible("WeakRef.prototype.deref", this);
    const edge = $slot(this, $$WEAK_REF_TARGET);
    const target = weakTarget(edge);
    if (target !== undefined) keepTarget(edge, target);
    return target;
  },
});

/** 26.2.1.1 FinalizationRegistry(cleanupCallback). Of a cell there are three elements: weak edge, value, weak edge of the token or undefined. */
function FinalizationRegistry(cleanup) {
  if (new.target === undefined) throwTypeError("Constructor FinalizationRegistry requires 'new'");
  if (!$isCallable(cleanup)) throwTypeError("FinalizationRegistry: cleanup must be callable");
  const registry = newInstance(new.target, "FinalizationRegistry", $$BRAND_FINALIZATION_REGISTRY, FinalizationRegistryPrototype);
  $setSlot(registry, $$FINALIZATION_REGISTRY_CELLS, []);
  $setSlot(registry, $$FINALIZATION_REGISTRY_CALLBACK, cleanup);
  return registry;
}

function cellsOf(registry, method) {
  if ($brand(registry) !== $$BRAND_FINALIZATION_REGISTRY) throwIncompatible(`FinalizationRegistry.prototype.${method}`, registry);
  return $slot(registry, $$FINALIZATION_REGISTRY_CELLS);
}

/** Takes out the cells that `goes(cells, i)` names; the values of those that are taken out. */
function takeCells(cells, goes) {
  const taken = [];
  let to = 0;
  for (let i = 0; i < cells.length; i += 3) {
    if (goes(cells, i)) {
      $push(taken, cells[i + 1]);
      continue;
    }
    if (to < i) for (let k = 0; k < 3; k++) cells[to + k] = cells[i + k];
    to += 3;
  }
  $setLength(cells, to);
  return taken;
}

function isGone(cells, i) {
  return weakTarget(cells[i]) === undefined;
}

/** 9.12 CleanupFinalizationRegistry, a job: the callback is called for each value. */
function cleanUp(registry) {
  const callback = $slot(registry, $$FINALIZATION_REGISTRY_CALLBACK);
  const values = takeCells($slot(registry, $$FINALIZATION_REGISTRY_CELLS), isGone);
  for (let i = 0; i < values.length; i++) {
    try {
      $call(callback, undefined, values[i]);
    } catch (error) {
      settle(newPromise(), REJECTED, error);
    }
  }
}

/** Sees to it that what is gone is cleaned up soon. */
function lookForGone(registry, cells) {
  for (let i = 0; i < cells.length; i += 3) {
    if (!isGone(cells, i)) continue;
    enqueueJob(cleanUp, registry, undefined, undefined);
    return;
  }
}

defineConstructor(FinalizationRegistry, FinalizationRegistryPrototype, {}, {
  register(target, value, token = undefined) {
    const cells = cellsOf(this, "register");
    if (!canBeHeldWeakly(target)) throwTypeError("FinalizationRegistry.prototype.register: invalid target");
    if ($sameValue(target, value)) throwTypeError("FinalizationRegistry.prototype.register: target and holdings must not be same");
    if (token !== undefined && !canBeHeldWeakly(token)) throwTypeError(`Invalid unregisterToken ('${describe(token)}')`);
    lookForGone(this, cells);
    $push(cells, newWeakEdge(target));
    $push(cells, value);
    $push(cells, token === undefined ? undefined : newWeakEdge(token));
  },
  unregister(token) {
    const cells = cellsOf(this, "unregister");
    if (!canBeHeldWeakly(token)) throwTypeError(`Invalid unregisterToken ('${describe(token)}')`);
    const taken = takeCells(cells, (all, i) => all[i + 2] !== undefined && weakTarget(all[i + 2]) === token);
    lookForGone(this, cells);
    return taken.length > 0;
  },
});
setLengths(FinalizationRegistryPrototype, { register: 2 });
