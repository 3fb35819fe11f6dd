// Boolean and Symbol (ECMA-262 sections 20.3 and 20.4), and the check that all wrappers of primitives share. Registered
// symbols (Symbol.for) belong to the program, so their table is in its State.

const BooleanPrototype = newWrapper($$BRAND_BOOLEAN, ObjectPrototype, false);
$root("BooleanPrototype", BooleanPrototype);

/** 20.3.1.1 Boolean(value). */
function Boolean(value) {
  const truth = !!value;
  return new.target === undefined ? truth : newWrapper($$BRAND_BOOLEAN, prototypeOf(new.target, BooleanPrototype), truth);
}

/** thisBooleanValue, thisNumberValue, thisSymbolValue, thisStringValue: a primitive or what its wrapper holds. */
function thisValue(value, type, brand, method) {
  if (typeof value === type) return value;
  if ($brand(value) === brand) return $slot(value, 0);
  throwTypeError(`${method} requires that 'this' be a ${typeName(type)}`);
}

/** The name of a primitive type's constructor. */
function typeName(type) {
  return type === "bigint" ? "BigInt" : `${$upper($charAt(type, 0))}${$substring(type, 1, type.length)}`;
}

defineConstructor(Boolean, BooleanPrototype, {}, {
  toString() {
    return thisValue(this, "boolean", $$BRAND_BOOLEAN, "Boolean.prototype.toString") ? "true" : "false";
  },
  valueOf() {
    return thisValue(this, "boolean", $$BRAND_BOOLEAN, "Boolean.prototype.valueOf");
  },
});

const SymbolPrototype = defineTag($newObject(ObjectPrototype), "Symbol");
$root("SymbolPrototype", SymbolPrototype);

/** 20.4.1.1 Symbol(description). */
function Symbol(description = undefined) {
  if (new.target !== undefined) throwTypeError("Symbol is not a constructor");
  return $newSymbol(description === undefined ? undefined : `${description}`);
}

/** 20.4.3.3.1 SymbolDescriptiveString. */
function symbolText(symbol) {
  const description = $description(symbol);
  return `Symbol(${description === undefined ? "" : description})`;
}

function thisSymbol(value, method) {
  return thisValue(value, "symbol", $$BRAND_SYMBOL, `Symbol.prototype.${method}`);
}

defineConstructor(Symbol, SymbolPrototype, {
  for(key) {
    const text = `${key}`;
    let table = $state($$STATE_SYMBOLS);
    if (table === undefined) table = $newTable(2, false);
    let symbol = $tableGet(table, text);
    if (symbol === undefined) {
      symbol = $newSymbol(text);
      $markRegistered(symbol);
      $setState($$STATE_SYMBOLS, $tableSet(table, text, symbol));
    }
    return symbol;
  },
  keyFor(symbol) {
    if (typeof symbol !== "symbol") throwTypeError(`${describe(symbol)} is not a symbol`);
    return $isRegistered(symbol) ? $description(symbol) : undefined;
  },
}, {
  get description() {
    return $description(thisSymbol(this, "description"));
  },
  toString() {
    return symbolText(thisSymbol(this, "toString"));
  },
  valueOf() {
    return thisSymbol(this, "valueOf");
  },
});
defineMembers(SymbolPrototype, {
  [symbolToPrimitive](hint) {
    return thisSymbol(this, "[Symbol.toPrimitive]");
  },
}, CONFIGURABLE);
defineConstants(Symbol, {
  iterator: symbolIterator, asyncIterator: symbolAsyncIterator, hasInstance: symbolHasInstance, toPrimitive: symbolToPrimitive,
  toStringTag: symbolToStringTag, species: symbolSpecies, isConcatSpreadable: symbolIsConcatSpreadable, unscopables: symbolUnscopables,
  match: symbolMatch, matchAll: symbolMatchAll, replace: symbolReplace, search: symbolSearch, split: symbolSplit,
});
