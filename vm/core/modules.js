// Modules at run time (ECMA-262 sections 10.4.6, 13.3.10, 16.2; CommonJS as Node has it). The compiler resolves and
// orders modules; defineModules receives one record for each: [filename, run, exports, factory], and the element behind
// them here is a CommonJS module's `module` object. `exports` is a flat array name, module, variable, … sorted by name.

const MODULE_FILENAME = 0;
const MODULE_RUN = 1;
const MODULE_EXPORTS = 2;
const MODULE_FACTORY = 3;
const MODULE_OBJECT = 4;

$root("defineModules", function (records) {
  $setState($$STATE_REQUIRED, records);
});

/** module.exports of a CommonJS module, which runs at its first use. */
function requireModule(number) {
  const record = $state($$STATE_REQUIRED)[number];
  if (record.length > MODULE_OBJECT && record[MODULE_OBJECT] !== undefined) return record[MODULE_OBJECT].exports;
  const filename = record[MODULE_FILENAME];
  const module = { id: number === 0 ? "." : filename, path: directoryOf(filename), exports: {}, filename, loaded: false, children: [], paths: [] };
  record[MODULE_OBJECT] = module;
  let loaded = false;
  try {
    $call(record[MODULE_FACTORY], module.exports, module.exports, module);
    loaded = true;
  } finally {
    if (!loaded) record[MODULE_OBJECT] = undefined;
  }
  module.loaded = true;
  return module.exports;
}
$root("requireModule", requireModule);

function directoryOf(path) {
  const at = $lastIndexOf(path, "/", path.length);
  return at > 0 ? $substring(path, 0, at) : at === 0 ? "/" : ".";
}

/** An error for a module that was not there when the program was compiled. */
function moduleMissing(specifier, code) {
  const error = makeError(ErrorPrototype, `Cannot find module '${specifier}'`);
  $define(error, "code", code, ALL);
  return error;
}

$root("makeRequire", function (map, filename) {
  const numberOf = (specifier) => {
    if (typeof specifier !== "string") throwTypeError(`The "id" argument must be of type string. Received ${describeLiteral(specifier)}`);
    const number = $getOwnValue(map, specifier);
    if (number === undefined) throw moduleMissing(specifier, "MODULE_NOT_FOUND");
    return number;
  };
  const require = (id) => requireModule(numberOf(id));
  $setFunctionName(require, "require");
  const records = $state($$STATE_REQUIRED);
  $define(require, "resolve", (request) => records[numberOf(request)][MODULE_FILENAME], ALL);
  $define(require, "main", records[0][MODULE_OBJECT], ALL);
  $define(require, "cache", $newObject(null), ALL);
  return require;
});

/** 10.4.6 Module namespace exotic objects: internal slot `module` is the table of exports. */
function namespaceOf(number) {
  let all = $state($$STATE_NAMESPACES);
  if (all === undefined) all = $setState($$STATE_NAMESPACES, $newTable(2, false));
  let namespace = $tableGet(all, number);
  if (namespace === undefined) {
    namespace = $newRecord($$BRAND_NAMESPACE, null);
    $setSlot(namespace, $$NAMESPACE_MODULE, $state($$STATE_REQUIRED)[number][MODULE_EXPORTS]);
    $define(namespace, symbolToStringTag, "Module", 0);
    $setExotic(namespace);
    $preventExtensions(namespace);
    $setState($$STATE_NAMESPACES, $tableSet(all, number, namespace));
  }
  return namespace;
}
$root("namespace", namespaceOf);

/** Where an export is in its namespace's table, or -1. */
function namespaceEntry(namespace, key) {
  const exports = $slot(namespace, $$NAMESPACE_MODULE);
  const name = `${key}`;
  for (let i = 0; i < exports.length; i += 3) if (exports[i] === name) return i;
  return -1;
}

/** The present value of an export; a ReferenceError in its dead zone. */
function namespaceValue(namespace, key) {
  const exports = $slot(namespace, $$NAMESPACE_MODULE);
  const at = namespaceEntry(namespace, key);
  if (at < 0) return undefined;
  if (exports[at + 2] < 0) return namespaceOf(exports[at + 1]);
  const value = $moduleVariable(exports[at + 1], exports[at + 2]);
  if ($isHole(value)) $throw(DEAD_ZONE, key, undefined);
  return value;
}

function namespaceNames(namespace) {
  const exports = $slot(namespace, $$NAMESPACE_MODULE);
  const names = [];
  for (let i = 0; i < exports.length; i += 3) $push(names, exports[i]);
  return names;
}

/** 13.3.10 import(). */
$root("dynamicImport", function (number, specifier, file, options) {
  if (number === undefined || options !== undefined) return importLate(number, specifier, file, options);
  const promise = newPromise();
  enqueueJob(runImport, promise, number, undefined);
  return promise;
});

/** The code behind import() goes on first: the module runs in a job. */
function runImport(promise, number) {
  try {
    const running = $call($state($$STATE_REQUIRED)[number][MODULE_RUN], undefined);
    addReaction(promiseResolve(Promise, running), promise, () => namespaceOf(number), passError);
  } catch (error) {
    settle(promise, REJECTED, error);
  }
}

$root("importMeta", function (url) {
  const meta = $newObject(null);
  const path = $indexOf(url, "file://", 0) === 0 ? $substring(url, 7, url.length) : url;
  $define(meta, "dirname", directoryOf(path), ALL);
  $define(meta, "filename", path, ALL);
  $define(meta, "url", url, ALL);
  return meta;
});
