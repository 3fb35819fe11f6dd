// CommonJS: exports, a cycle through a half-finished module, __filename, require's cache.
exports.early = "early";
const other = require("./other.cjs");
exports.late = other.seen;
exports.same = require("./other.cjs") === other;
exports.file = __filename.endsWith("old.cjs");
const indirect = require;
exports.type = typeof indirect + indirect("./other.cjs").seen;
