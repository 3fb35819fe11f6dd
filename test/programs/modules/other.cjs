// The other half of the cycle: sees what old.cjs had exported by then.
const old = require("./old.cjs");
module.exports = { seen: Object.keys(old).join(), self: module.exports === undefined };
