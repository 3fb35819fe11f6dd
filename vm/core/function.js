// Function (ECMA-262 section 20.2), and what compiled code asks about functions: their arguments objects, classes, the
// names that scripts declare. Making functions from text is done in evaluation.js.

/** 20.2.1.1 Function(...). */
function Function(...texts) {
  return functionOfTexts(texts, "function", new.target === undefined ? Function : new.target, FunctionPrototype);
}

defineConstructor(Function, FunctionPrototype, {}, {
  apply(thisArgument, list) {
    if (!$isCallable(this)) $throw(NOT_A_FUNCTION, "Function.prototype.apply was called on a value that", undefined);
    return $apply(this, thisArgument, list === undefined || list === null ? [] : listFromArrayLike(list));
  },
  bind(thisArgument, ...list) {
    const target = this;
    if (!$isCallable(target)) throwTypeError("Bind must be called on a function");
    const bound = newBound(target, thisArgument, list);
    let length = 0;
    if (ownAttributes(target, "length") >= 0) {
      const given = target.length;
      if (typeof given === "number") {
        length = toInteger(given) - list.length;
        if (length < 0) length = 0;
      }
    }
    $define(bound, "length", length, CONFIGURABLE);
    const name = target.name;
    $define(bound, "name", typeof name === "string" ? `bound ${name}` : "bound ", CONFIGURABLE);
    return bound;
  },
  call(thisArgument, ...list) {
    if (!$isCallable(this)) $throw(NOT_A_FUNCTION, "Function.prototype.call was called on a value that", undefined);
    return $apply(this, thisArgument, list);
  },
  toString() {
    if (!$isCallable(this)) throwTypeError("Function.prototype.toString requires that 'this' be a Function");
    return functionText(this);
  },
});
setLengths(FunctionPrototype, { call: 1, bind: 1 });
$define(Function, "length", 1, CONFIGURABLE);
$define(FunctionPrototype, "length", 0, CONFIGURABLE);
$define(FunctionPrototype, "name", "", CONFIGURABLE);
defineConstants(FunctionPrototype, {
  [symbolHasInstance](value) {
    return ordinaryHasInstance(this, value);
  },
});
// instanceof with a function that inherits this one is done by the kernel, as far as all is ordinary (quick.ts).
$root("functionHasInstance", $getOwnValue(FunctionPrototype, symbolHasInstance));

/** 10.4.1.3 BoundFunctionCreate. A bound function that is bound again becomes one with both lists, as the kernel wants it. */
function newBound(target, thisArgument, list) {
  if ($brand(target) !== $$BRAND_BOUND_FUNCTION) return $newBound($getPrototype(target), target, thisArgument, list);
  const first = $slot(target, $$BOUND_FUNCTION_ARGUMENTS);
  const all = $arraySlice(first, 0, first.length);
  $arrayConcat(all, list);
  return $newBound($getPrototype(target), $slot(target, $$BOUND_FUNCTION_TARGET), $slot(target, $$BOUND_FUNCTION_THIS), all);
}

/** The source text, or V8's stand-in for a function that has none, with the name that it began with. */
function functionText(f) {
  const text = $functionInfo(f, 3);
  if (text !== undefined) return text;
  let name = $functionInfo(f, 2);
  if (name === "") name = ownDataValue(f, "name");
  return `function ${typeof name === "string" ? name : ""}() { [native code] }`;
}

/** 7.3.17 CreateListFromArrayLike; the array itself if it is dense. */
function listFromArrayLike(value) {
  if ($isDense(value)) return value;
  if (!$isObject(value)) throwTypeError("CreateListFromArrayLike called on non-object");
  const list = [];
  const length = lengthOf(value);
  for (let i = 0; i < length; i++) $push(list, value[i]);
  return list;
}

/** 10.2.4.1 %ThrowTypeError%. */
const throwTypeErrorFunction = function () {
  // A sloppy function of a program has neither, and says so.
  if ($isCallable(this) && $kind(this) === $$CELL_FUNCTION && !($functionInfo(this, 0) & ($$FLAG_STRICT | $$FLAG_CORE | $$FLAG_ARROW | $$FLAG_GENERATOR | $$FLAG_ASYNC))) return undefined;
  throwTypeError("'caller', 'callee', and 'arguments' properties may not be accessed on strict mode functions or the arguments objects for calls to them");
};
$define(throwTypeErrorFunction, "name", "", 0);
$define(throwTypeErrorFunction, "length", 0, 0);
$preventExtensions(throwTypeErrorFunction);
$defineAccessor(FunctionPrototype, "caller", throwTypeErrorFunction, throwTypeErrorFunction, CONFIGURABLE);
$defineAccessor(FunctionPrototype, "arguments", throwTypeErrorFunction, throwTypeErrorFunction, CONFIGURABLE);
$root("throwTypeError", throwTypeErrorFunction);
$root("emptyFunction", function () {});

/** 10.4.4.6 CreateUnmappedArgumentsObject; a sloppy function's has its callee. */
$root("makeArguments", function (list, callee, sloppy) {
  const object = $newRecord($$BRAND_ARGUMENTS, ObjectPrototype);
  for (let i = 0; i < list.length; i++) $define(object, i, list[i], ALL);
  $define(object, "length", list.length, HIDDEN);
  $define(object, symbolIterator, arrayValues, HIDDEN);
  if (sloppy) $define(object, "callee", callee, HIDDEN);
  else $defineAccessor(object, "callee", throwTypeErrorFunction, throwTypeErrorFunction, 0);
  return object;
});

/** 15.7.14 ClassDefinitionEvaluation, steps 5 to 15: the prototype object of a class, both linked to the heritage. */
$root("setupClass", function (constructor, heritage) {
  let prototypeParent = ObjectPrototype;
  if (heritage === null) {
    prototypeParent = null;
  } else if (!$isHole(heritage)) {
    if (!$isConstructor(heritage)) $throw(BAD_HERITAGE, describe(heritage), undefined);
    prototypeParent = heritage.prototype;
    if (prototypeParent !== null && !$isObject(prototypeParent)) {
      throwTypeError(`Class extends value does not have valid prototype property ${describe(prototypeParent)}`);
    }
    $setPrototype(constructor, heritage);
  }
  const prototype = $newObject(prototypeParent);
  $define(constructor, "prototype", prototype, 0);
  $define(prototype, "constructor", constructor, HIDDEN);
  $setHome(constructor, prototype);
  return prototype;
});

/** 13.3.7.2 GetSuperConstructor. */
$root("superConstructor", function (constructor) {
  const parent = $getPrototype(constructor);
  if (!$isConstructor(parent)) throwTypeError(`Super constructor ${describe(parent)} of anonymous class is not a constructor`);
  return parent;
});

/** 13.2.8.4 GetTemplateObject; the compiler keeps one for each place. */
$root("templateObject", function (cooked, raw) {
  setIntegrity(raw, true);
  $define(cooked, "raw", raw, 0);
  setIntegrity(cooked, true);
  return cooked;
});

/** 16.1.7 GlobalDeclarationInstantiation, for scripts; what a program begins with finds nothing declared but the core's own. */
$root("declareGlobals", function (varNames, functionNames, lexicals, module) {
  if (module > 0) checkScript(varNames, functionNames, lexicals);
  for (let i = 0; i < functionNames.length; i++) {
    const attributes = $getOwn(globalObject, functionNames[i]);
    if (attributes < 0 || attributes & CONFIGURABLE) $define(globalObject, functionNames[i], undefined, WRITABLE | ENUMERABLE);
  }
  for (let i = 0; i < varNames.length; i++) {
    if ($getOwn(globalObject, varNames[i]) < 0) $define(globalObject, varNames[i], undefined, WRITABLE | ENUMERABLE);
  }
  for (let i = 0; i < lexicals.length; i += 2) {
    $setState($$STATE_LEXICALS, $tableSet(stateTable($$STATE_LEXICALS), lexicals[i], module * 131072 + lexicals[i + 1]));
  }
  $lexicalsChanged();
});
