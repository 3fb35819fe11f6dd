// Errors that the kernel and compiled code throw: a number, the constructor, and a message with {a} and {b} for what
// it is about. `core.throw(number, a, b)` makes the error; the wording follows V8, which most people have read before.
// Numbers are part of the abi.

export const errors = {
  NOT_A_FUNCTION: ["TypeError", "{a} is not a function"],
  NOT_A_CONSTRUCTOR: ["TypeError", "{a} is not a constructor"],
  READ_OF_NULLISH: ["TypeError", "Cannot read properties of {a} (reading '{b}')"],
  WRITE_OF_NULLISH: ["TypeError", "Cannot set properties of {a} (setting '{b}')"],
  NOT_DEFINED: ["ReferenceError", "{a} is not defined"],
  DEAD_ZONE: ["ReferenceError", "Cannot access '{a}' before initialization"],
  CONSTANT_ASSIGNMENT: ["TypeError", "Assignment to constant variable."],
  READ_ONLY: ["TypeError", "Cannot assign to read only property '{a}' of object"],
  NO_SETTER: ["TypeError", "Cannot set property {a} of object which has only a getter"],
  NOT_EXTENSIBLE: ["TypeError", "Cannot add property {a}, object is not extensible"],
  NOT_DELETABLE: ["TypeError", "Cannot delete property '{a}' of object"],
  NOT_REDEFINABLE: ["TypeError", "Cannot redefine property: {a}"],
  STACK_OVERFLOW: ["RangeError", "Maximum call stack size exceeded"],
  INVALID_ARRAY_LENGTH: ["RangeError", "Invalid array length"],
  INVALID_STRING_LENGTH: ["RangeError", "Invalid string length"],
  CLASS_CALL: ["TypeError", "Class constructor {a} cannot be invoked without 'new'"],
  SUPER_NOT_CALLED: ["ReferenceError", "Must call super constructor in derived class before accessing 'this' or returning from derived constructor"],
  SUPER_CALLED_TWICE: ["ReferenceError", "Super constructor may only be called once"],
  DERIVED_RESULT: ["TypeError", "Derived constructors may only return object or undefined"],
  NOT_ITERABLE: ["TypeError", "{a} is not iterable"],
  RESULT_NOT_OBJECT: ["TypeError", "Iterator result {a} is not an object"],
  BAD_PROTOTYPE: ["TypeError", "Object prototype may only be an Object or null: {a}"],
  BAD_HERITAGE: ["TypeError", "Class extends value {a} is not a constructor or null"],
  BAD_IN: ["TypeError", "Cannot use 'in' operator to search for '{a}' in {b}"],
  BAD_INSTANCEOF: ["TypeError", "Right-hand side of 'instanceof' is not callable"],
  PRIVATE_MISSING: ["TypeError", "Cannot read private member {a} from an object whose class did not declare it"],
  PRIVATE_WRITE_MISSING: ["TypeError", "Cannot write private member {a} to an object whose class did not declare it"],
  PRIVATE_EXISTS: ["TypeError", "Cannot initialize {a} twice on the same object"],
  PRIVATE_METHOD_WRITE: ["TypeError", "Private method '{a}' is not writable"],
  PRIVATE_NO_GETTER: ["TypeError", "'{a}' was defined without a getter"],
  PRIVATE_NO_SETTER: ["TypeError", "'{a}' was defined without a setter"],
  GENERATOR_RUNNING: ["TypeError", "Generator is already running"],
  INCOMPATIBLE_RECEIVER: ["TypeError", "Method called on incompatible receiver {a}"],
  SYMBOL_TO_STRING: ["TypeError", "Cannot convert a Symbol value to a string"],
  SYMBOL_TO_NUMBER: ["TypeError", "Cannot convert a Symbol value to a number"],
  NOT_PRIMITIVE: ["TypeError", "Cannot convert object to primitive value"],
  NULLISH_TO_OBJECT: ["TypeError", "Cannot convert undefined or null to object"],
  NOT_DESTRUCTURABLE: ["TypeError", "Cannot destructure '{a}' as it is undefined or null."],
  MODULE_MISSING: ["Error", "Cannot find module '{a}'"],
  NOT_OFFERED: ["Error", "{a} is not offered by this host"],
} as const satisfies Record<string, readonly [string, string]>;
export type ErrorName = keyof typeof errors;
export const errorNames = Object.keys(errors) as readonly ErrorName[];
/** Error numbers. */
export const ErrorCode = Object.fromEntries(errorNames.map((name, index) => [name, index])) as { readonly [K in ErrorName]: number };
