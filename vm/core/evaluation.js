// Code from text (ECMA-262 sections 19.2.1, 20.2.1.1, 16.1.7): eval, the Function constructors, further scripts. The host
// compiles (vm/host.ts, operation "compile") and answers with functions as plain data (vm/unit.ts, unitData); here they
// become code, which the kernel verifies. A host without a compiler answers undefined, and the program hears of it.
//
// Names that only the running program can tell apart, because a `with` or a sloppy direct eval lies between them and what
// they would mean otherwise, are looked up here too (findName and the others): the compiler passes the objects in question.

/** The code of a function as the compiler gives it. */
function codeOfUnit(unit) {
  const constants = unit[7];
  for (let i = 0; i < constants.length; i++) if ($isArray(constants[i])) constants[i] = codeOfUnit(constants[i]);
  const debug = unit[11];
  const name = unit[0];
  let about = name === "" ? undefined : name;
  if (debug !== undefined) {
    const scopes = [];
    for (let i = 0; i < debug[3].length; i++) $push(scopes, $elements(debug[3][i]));
    about = $elements([name, $isArray(debug[0]) ? $elements(debug[0]) : debug[0], debug[1], $elements(debug[2]), $elements(scopes), $textBytes(debug[4]), $elements(debug[5])]);
  }
  const code = $newCode([about, unit[1], unit[2], unit[3], unit[4], unit[5], unit[6], constants, unit[8], unit[9], unit[10]]);
  if (code === undefined) throw makeError(errorPrototypes.EvalError, "The host's compiler made code that does not verify");
  return code;
}

/**
 * Has a text compiled and runs it, in that scope. The source is the program's next module, if it needs variables of one:
 * the answer is [true, unit, how many], or [false, text] for what is no program.
 */
function runText(request, scope = undefined) {
  $push(request, $moduleCount());
  const answer = $host(request);
  if (!$isArray(answer)) throw makeError(errorPrototypes.EvalError, "Code generation from strings needs a compiler, which this host does not offer");
  if (!answer[0]) throwSyntaxError(answer[1]);
  const code = codeOfUnit(answer[1]);
  if (answer[2] > 0) $addModule(answer[2]);
  return $call($newEntry(code, scope), undefined);
}

defineMethods(globalObject, {
  /** 19.2.1 eval, called by another name: in the global scope. What is not a text is its own value. */
  eval(text) {
    return typeof text === "string" ? runText(["compile", "eval", text]) : text;
  },
});

/**
 * 20.2.1.1.1 CreateDynamicFunction; `kind` is the constructor's name. The idiom `Function("return this")`, by which
 * libraries find the global object, needs no compiler.
 */
function functionOfTexts(texts, kind, newTarget, standard) {
  if (texts.length === 1 && texts[0] === "return this" && newTarget === Function) return () => globalObject;
  const parameters = [];
  for (let i = 0; i < texts.length - 1; i++) $push(parameters, `${texts[i]}`);
  const body = texts.length === 0 ? "" : `${texts[texts.length - 1]}`;
  const made = runText(["compile", kind, $joinTexts(parameters, ","), body]);
  const prototype = prototypeOf(newTarget, standard);
  if (prototype !== $getPrototype(made)) $setPrototype(made, prototype);
  return made;
}

defineMethods($getOwnValue(globalObject, "mvm"), {
  /** Runs a text as a further script (16.1.6): its let, const and class names are seen by all later ones. */
  evaluate(text) {
    return runText(["compile", "script", `${text}`]);
  },
});

/** import() of what is not known to be in the program, or with options. */
function importLate(known, specifier, file, options) {
  const promise = newPromise();
  try {
    const text = `${specifier}`;
    if (options !== undefined) checkImportOptions(options);
    enqueueJob(runLateImport, promise, known, [text, file]);
  } catch (error) {
    settle(promise, REJECTED, error);
  }
  return promise;
}
function runLateImport(promise, known, request) {
  try {
    runImport(promise, known === undefined ? loadModule(request[0], request[1]) : known);
  } catch (error) {
    settle(promise, REJECTED, error);
  }
}

/** 13.3.10.1 EvaluateImportCall, step 9: `with` has texts only; what they say is the compiler's affair. */
function checkImportOptions(options) {
  if (!$isObject(options)) throwTypeError("The second argument of import() must be an object");
  const attributes = options.with;
  if (attributes === undefined) return;
  if (!$isObject(attributes)) throwTypeError("The 'with' option of import() must be an object");
  const entries = enumerableOwn(attributes, 2);
  for (let i = 0; i < entries.length; i++) {
    if (typeof entries[i][1] !== "string") throwTypeError("The attributes of import() must be strings");
    if (entries[i][0] !== "type") throwTypeError(`Import attribute '${entries[i][0]}' is not supported`);
  }
}

/** The number of the module that a specifier means in a file; the host compiles what the program does not have yet. */
function loadModule(specifier, file) {
  const records = $state($$STATE_REQUIRED);
  const known = [];
  if (records !== undefined) {
    for (let i = 0; i < records.length; i++) $push(known, records[i] === undefined ? null : [records[i][MODULE_FILENAME], records[i][MODULE_EXPORTS]]);
  }
  const answer = $host(["compile", "import", specifier, file, known, $moduleCount()]);
  if (!$isArray(answer)) throw moduleMissing(specifier, "ERR_MODULE_NOT_FOUND");
  if (!answer[0]) {
    if (answer[2]) throw moduleMissing(specifier, "ERR_MODULE_NOT_FOUND");
    throwSyntaxError(answer[1]);
  }
  if (answer[2] !== undefined) {
    const code = codeOfUnit(answer[2]);
    for (let i = 0; i < answer[3].length; i++) $addModule(answer[3][i]);
    $call($newEntry(code, undefined), undefined);
  }
  return answer[1];
}

$root("addModules", function (added, first) {
  const records = stateList($$STATE_REQUIRED);
  while (records.length < first) $push(records, undefined);
  $arrayConcat(records, added);
});

$root("runModule", function (number) {
  return $call($state($$STATE_REQUIRED)[number][MODULE_RUN], undefined);
});

/** A call written eval(…) (19.2.1.1, direct): the text runs in the caller's scope, which the descriptor tells the compiler of. */
$root("evaluate", function (callee, texts, scope, descriptor) {
  if (callee !== evalFunction) {
    if (!$isCallable(callee)) $throw(NOT_A_FUNCTION, "eval", undefined);
    return $apply(callee, undefined, texts);
  }
  return typeof texts[0] === "string" ? runText(["compile", "direct", texts[0], descriptor], scope) : texts[0];
});
const evalFunction = $getOwnValue(globalObject, "eval");

/** 19.2.1.3 EvalDeclarationInstantiation: the object that has the names afterwards; null stands for the global one. */
$root("declareEvaluated", function (varNames, functionNames, object) {
  if (object === null) {
    checkNames(varNames, functionNames);
    declareDeletable(functionNames, true);
    declareDeletable(varNames, false);
    return object;
  }
  const holder = object === undefined ? $newObject(null) : object;
  for (let i = 0; i < functionNames.length; i++) $define(holder, functionNames[i], undefined, ALL);
  for (let i = 0; i < varNames.length; i++) if ($getOwn(holder, varNames[i]) < 0) $define(holder, varNames[i], undefined, ALL);
  return holder;
});

/** 16.1.7, steps 3, 4 and 9 to 12, for a further script. */
function checkScript(varNames, functionNames, lexicals) {
  const table = stateTable($$STATE_LEXICALS);
  for (let i = 0; i < lexicals.length; i += 2) {
    const attributes = $getOwn(globalObject, lexicals[i]);
    if (attributes >= 0 && !(attributes & CONFIGURABLE) || $tableFind(table, lexicals[i]) >= 0) alreadyDeclared(lexicals[i]);
  }
  checkNames(varNames, functionNames);
}
/** Nothing is declared unless all can be. */
function checkNames(varNames, functionNames) {
  checkVars(functionNames);
  checkVars(varNames);
  checkDeclarable(functionNames, true);
  checkDeclarable(varNames, false);
}
function alreadyDeclared(name) {
  throwSyntaxError(`Identifier '${name}' has already been declared`);
}
/** No var may have a name that a script has declared with let, const or class. */
function checkVars(names) {
  const table = stateTable($$STATE_LEXICALS);
  for (let i = 0; i < names.length; i++) if ($tableFind(table, names[i]) >= 0) alreadyDeclared(names[i]);
}

/** 9.1.1.4.15 and 9.1.1.4.16. */
function checkDeclarable(names, functions) {
  for (let i = 0; i < names.length; i++) {
    const attributes = $getOwn(globalObject, names[i]);
    const free = attributes < 0 ? $isExtensible(globalObject) : !functions || attributes & CONFIGURABLE || (attributes & (WRITABLE | ENUMERABLE | ACCESSOR)) === (WRITABLE | ENUMERABLE);
    if (!free) throwTypeError(`Cannot declare global ${functions ? "function" : "variable"} '${names[i]}'`);
  }
}
/** 9.1.1.4.17 and 9.1.1.4.18, for names that may be deleted again. */
function declareDeletable(names, functions) {
  for (let i = 0; i < names.length; i++) {
    const attributes = $getOwn(globalObject, names[i]);
    if (attributes < 0 || functions && attributes & CONFIGURABLE) $define(globalObject, names[i], undefined, ALL);
  }
}

/** 9.1.1.2.1 HasBinding, for each of the objects, the innermost first. */
$root("findName", function (name, ...objects) {
  for (let i = 0; i < objects.length; i++) {
    const object = objects[i];
    if (object === undefined || !(name in object)) continue;
    const unscopables = object[symbolUnscopables];
    if (!$isObject(unscopables) || !unscopables[name]) return object;
  }
});

/** 9.1.1.2.6 GetBindingValue. */
$root("getName", function (object, name, strict) {
  if (name in object) return object[name];
  if (strict) $throw(NOT_DEFINED, name, undefined);
});

/** 9.1.1.2.5 SetMutableBinding. */
$root("putName", function (object, name, value, strict) {
  if (!(name in object) && strict) $throw(NOT_DEFINED, name, undefined);
  setPropertyOrThrow(object, name, value, object, strict);
});

/** 9.1.1.2.7 DeleteBinding. */
$root("deleteName", function (object, name) {
  return deleteProperty(object, name);
});
