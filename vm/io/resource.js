// What the IO classes have in common: a resource is an object of the program's with a number, under which the host has it
// open, and the parameters that it was opened with. A host that does not know the number (the program has moved there, or
// is a copy) is given the parameters again, and then what was written last, so an output goes on where it was. A program
// that only waits for events would never find that out by itself: so all is opened again when the signal comes that the
// program has moved.
//
// Callbacks are kept here and not at the host. They come by messages, to which the program listens as long as there is a
// resource with callbacks: like an open socket elsewhere, that keeps it alive.
"use strict";

const MESSAGE = "embedded:io";
/** Resources that are open, by number. Numbers are never used again. */
const resources = new Map();
let lastNumber = 0;
let waiting = 0;

/** Calls the host's function; its failures as the errors that ECMA-419 names. */
function ask(name, list) {
  try {
    return mvm.ask(name, ...list);
  } catch (error) {
    const Kind = error.code === "range" ? RangeError : error.code === "type" ? TypeError : undefined;
    if (Kind === undefined) throw error;
    throw Object.assign(new Kind(error.message), { code: error.code });
  }
}

function happened([number, event, count]) {
  resources.get(number)?.callback(event, count);
}

/** The program is on another host, or a copy: what is not open there is opened. */
function reopenAll() {
  for (const resource of resources.values()) resource.settle();
}

class Resource {
  #name;
  #number = ++lastNumber;
  #parameters;
  #callbacks;
  #owner;
  #written;
  #remembers;
  #closed = false;

  /** `remembers`: what was written last is a state that belongs to the program (an output), not a transfer that is over. */
  constructor(owner, name, parameters, callbacks, remembers) {
    this.#owner = owner;
    this.#name = name;
    this.#parameters = parameters;
    this.#callbacks = callbacks;
    this.#remembers = remembers;
    this.#open();
    if (resources.size === 0) {
      mvm.on("moved", reopenAll);
      mvm.on("restored", reopenAll);
    }
    resources.set(this.#number, this);
    if (callbacks !== undefined && waiting++ === 0) mvm.on(MESSAGE, happened);
  }

  /** What the host chose where a parameter left it the choice is asked for from now on. */
  #open() {
    const facts = ask(this.#name, ["open", this.#number, ...this.#parameters]);
    for (let i = 0; i < facts.length; i++) this.#parameters[this.#parameters.length - facts.length + i] = facts[i];
    if (this.#written !== undefined) ask(this.#name, ["write", this.#number, this.#written]);
  }
  parameter(index) {
    return this.#parameters[index];
  }

  operate(operation, value) {
    if (this.#closed) throw new TypeError(`${this.#name} is closed`);
    let result;
    try {
      result = ask(this.#name, [operation, this.#number, value]);
    } catch (error) {
      if (error.code !== "unknown") throw error;
      this.#open();
      result = ask(this.#name, [operation, this.#number, value]);
    }
    if (operation === "write" && this.#remembers) this.#written = value;
    return result;
  }

  /** Opens it where that host does not have it open; that it cannot is for onError, or for the next operation. */
  settle() {
    try {
      this.operate("facts");
    } catch (error) {
      this.callback("error", error);
    }
  }

  callback(event, detail) {
    const callback = this.#callbacks?.[event];
    if (callback !== undefined) callback.call(this.#owner, detail);
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    resources.delete(this.#number);
    if (resources.size === 0) {
      mvm.off("moved", reopenAll);
      mvm.off("restored", reopenAll);
    }
    if (this.#callbacks !== undefined && --waiting === 0) mvm.off(MESSAGE, happened);
    ask(this.#name, ["close", this.#number]);
  }
}

// Options

function optionsOf(options) {
  if (typeof options !== "object" || options === null) throw new TypeError("options are missing");
  return options;
}
/** A whole number from `least` on; `otherwise` where the option may be missing. */
function integer(options, name, least, otherwise) {
  const value = options[name];
  if (value === undefined) {
    if (otherwise === undefined) throw new TypeError(`option ${name} is missing`);
    return otherwise;
  }
  if (typeof value !== "number") throw new TypeError(`option ${name} is not a number`);
  if (!Number.isInteger(value) || value < least || value > 0x3fffffff) throw new RangeError(`option ${name} is not a whole number from ${least} on`);
  return value;
}
/** The callbacks that are given, by event; undefined if there are none. */
function callbacksOf(options, names) {
  let found;
  for (const name of names) {
    const callback = options[name];
    if (callback === undefined) continue;
    if (typeof callback !== "function") throw new TypeError(`option ${name} is not a function`);
    found ??= {};
    found[name === "onReadable" ? "readable" : name === "onWritable" ? "writable" : "error"] = callback;
  }
  return found;
}
/** The format that is asked for, of those there are; the first is the usual one. */
function formatOf(format, formats) {
  if (format === undefined) return formats[0];
  if (typeof format !== "string") throw new TypeError("format is not a string");
  if (!formats.includes(format)) throw new RangeError(`format '${format}' is not offered: ${formats.join(", ")}`);
  return format;
}

module.exports = { Resource, callbacksOf, formatOf, integer, optionsOf };
