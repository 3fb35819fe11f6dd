// The global `console`, as Node's Console prints it; no standard says what values look like as text, so Node's own
// output is the measure. State CONSOLE: [indentation, counters, timers].

/** What console keeps in this program: 0 indentation, 1 counters by label, 2 timers by label. */
function consoleState(index, value) {
  const state = stateList($$STATE_CONSOLE);
  if (state.length === 0) {
    $push(state, "");
    $push(state, $newTable(2, false));
    $push(state, $newTable(2, false));
  }
  if (value !== undefined) state[index] = value;
  return state[index];
}

/** Prints a text, every line indented by the groups that are open. */
function print(stream, text) {
  const indent = $state($$STATE_CONSOLE) === undefined ? "" : consoleState(0, undefined);
  $host(["print", stream, indent === "" ? text : indent + $joinTexts(splitText(text, "\n"), `\n${indent}`)]);
}

/** "1.234ms", "12.345s", … as console.time prints. */
function durationText(since) {
  const ms = $host(["now"]) / 1000 - since;
  if (ms >= 3600000) return clockText(ms / 3600000, 60, "h:mm", "h");
  if (ms >= 60000) return clockText(ms / 60000, 60, "m:ss.mmm", "m");
  return ms >= 1000 ? `${$toFixed(ms / 1000, 3)}s` : `${+$toFixed(ms, 3)}ms`;
}

function clockText(value, unit, form) {
  const whole = $math(1, value);
  const rest = $toFixed((value - whole) * unit, unit === 60 && form === "h:mm" ? 0 : 3);
  return `${whole}:${$indexOf(rest, ".", 0) === 1 || rest.length === 1 ? "0" : ""}${rest} (${form})`;
}

function timeOf(label, method) {
  const since = $tableGet(consoleState(2, undefined), label);
  if (since === undefined) $host(["print", 2, `(mvm) Warning: No such label '${label}' for console.${method}()`]);
  return since;
}

/** The table of console.table. */
function tableText(head, rows) {
  const widths = [];
  for (let i = 0; i < head.length; i++) {
    let width = textWidth(head[i]);
    for (let j = 0; j < rows.length; j++) if (textWidth(rows[j][i]) > width) width = textWidth(rows[j][i]);
    $push(widths, width + 2);
  }
  const line = (cells) => {
    const parts = [];
    for (let i = 0; i < cells.length; i++) $push(parts, ` ${pad(cells[i], widths[i] - 1, false)}`);
    return `│${$joinTexts(parts, "│")}│`;
  };
  const rule = (left, middle, right) => {
    const parts = [];
    for (let i = 0; i < widths.length; i++) $push(parts, $repeat("─", widths[i]));
    return `${left}${$joinTexts(parts, middle)}${right}`;
  };
  const lines = [rule("┌", "┬", "┐"), line(head), rule("├", "┼", "┤")];
  for (let i = 0; i < rows.length; i++) $push(lines, line(rows[i]));
  $push(lines, rule("└", "┴", "┘"));
  return $joinTexts(lines, "\n");
}

/** Rows for console.table: [index, value] pairs of an array, object, Map or Set. */
function tableRows(data) {
  const rows = [];
  const brand = $brand(data);
  if (brand === $$BRAND_MAP || brand === $$BRAND_SET) {
    const table = $slot(data, 0);
    for (let i = $tableNext(table, 0); i >= 0; i = $tableNext(table, i + 1)) {
      $push(rows, brand === $$BRAND_SET ? [`${rows.length}`, $tableKey(table, i)] : [`${rows.length}`, $tableValue(table, i), $tableKey(table, i)]);
    }
    return rows;
  }
  const keys = enumerableOwn(data, 0);
  for (let i = 0; i < keys.length; i++) $push(rows, [keys[i], data[keys[i]]]);
  return rows;
}

function printTable(data, filter) {
  if (!$isObject(data)) return print(1, formatAll([data]));
  const isMap = $brand(data) === $$BRAND_MAP;
  const inputs = tableRows(data);
  const head = [isMap || $brand(data) === $$BRAND_SET ? "(iteration index)" : "(index)"];
  if (isMap) $push(head, "Key");
  const fixed = head.length;
  const cell = (value) => {
    const c = newInspection($isObject(value) ? 0 : 2);
    c.breakLength = Infinity;
    return inspect(value, c);
  };
  if (filter !== undefined) for (let i = 0; i < filter.length; i++) $push(head, `${filter[i]}`);
  let hasValues = false;
  for (let i = 0; i < inputs.length; i++) {
    const value = inputs[i][1];
    if (!$isObject(value) || $isCallable(value)) hasValues = true;
    else if (filter === undefined) {
      const keys = enumerableOwn(value, 0);
      for (let j = 0; j < keys.length; j++) if ($arrayIndexOf(head, keys[j], fixed, 0) < 0) $push(head, keys[j]);
    }
  }
  const columns = head.length;
  if (hasValues) $push(head, "Values");
  const rows = [];
  for (let i = 0; i < inputs.length; i++) {
    const value = inputs[i][1];
    const row = [inputs[i][0]];
    if (isMap) $push(row, cell(inputs[i][2]));
    const plain = !$isObject(value) || $isCallable(value);
    for (let j = fixed; j < columns; j++) $push(row, !plain && ownAttributes(value, head[j]) >= 0 ? cell(value[head[j]]) : "");
    if (hasValues) $push(row, plain ? cell(value) : "");
    $push(rows, row);
  }
  print(1, tableText(head, rows));
}

const consoleObject = defineMembers($newObject($newObject(ObjectPrototype)), {
  log(...list) {
    print(1, formatAll(list));
  },
  warn(...list) {
    print(2, formatAll(list));
  },
  dir(value, options) {
    const c = newInspection(2);
    c.custom = false;
    if ($isObject(options)) readInspectOptions(c, options);
    print(1, inspect(value, c));
  },
  time(label = "default") {
    consoleState(2, $tableSet(consoleState(2, undefined), `${label}`, $host(["now"]) / 1000));
  },
  timeEnd(label = "default") {
    const since = timeOf(`${label}`, "timeEnd");
    if (since === undefined) return;
    print(1, `${label}: ${durationText(since)}`);
    $tableDelete(consoleState(2, undefined), `${label}`);
  },
  timeLog(label = "default", ...list) {
    const since = timeOf(`${label}`, "timeLog");
    if (since !== undefined) print(1, `${label}: ${durationText(since)}${list.length > 0 ? ` ${formatAll(list)}` : ""}`);
  },
  trace(...list) {
    print(2, stackText(list.length > 0 ? `Trace: ${formatAll(list)}` : "Trace", captureFrames()));
  },
  assert(condition, ...list) {
    if (condition) return;
    if (typeof list[0] === "string") list[0] = `Assertion failed: ${list[0]}`;
    print(2, formatAll(typeof list[0] === "string" ? list : spread(["Assertion failed"], list)));
  },
  clear() {},
  count(label = "default") {
    const counters = consoleState(1, undefined);
    const count = $tableGet(counters, `${label}`);
    const next = count === undefined ? 1 : count + 1;
    consoleState(1, $tableSet(counters, `${label}`, next));
    print(1, `${label}: ${next}`);
  },
  countReset(label = "default") {
    $tableDelete(consoleState(1, undefined), `${label}`);
  },
  group(...list) {
    if (list.length > 0) print(1, formatAll(list));
    consoleState(0, `${consoleState(0, undefined)}  `);
  },
  groupEnd() {
    const indent = consoleState(0, undefined);
    if (indent !== "") consoleState(0, $substring(indent, 2, indent.length));
  },
  table(data, columns) {
    printTable(data, columns);
  },
}, ALL);
defineMembers(consoleObject, {
  debug: consoleObject.log, info: consoleObject.log, dirxml: consoleObject.log, error: consoleObject.warn, groupCollapsed: consoleObject.group,
}, ALL);
$define(consoleObject, symbolToStringTag, "console", CONFIGURABLE);
$define(globalObject, "console", consoleObject, HIDDEN);
