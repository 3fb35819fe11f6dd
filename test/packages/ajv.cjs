const Ajv = require("ajv"); const ajv = new Ajv({ allErrors: true });
const validate = ajv.compile({ type: "object", properties: { a: { type: "integer", minimum: 2 }, b: { type: "array", items: { enum: ["x", "y"] }, uniqueItems: true }, c: { type: "string", pattern: "^\\d+$" } }, required: ["a"], additionalProperties: false });
console.log(validate({ a: 3, b: ["x"], c: "12" }), validate({ a: 1, b: ["x", "x", "z"], d: 1 }), ajv.errorsText(validate.errors));
