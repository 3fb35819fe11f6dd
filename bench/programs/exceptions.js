// Exceptions: thrown through several frames, finally on the way.
function thrower(depth, n) { if (depth === 0) throw new RangeError("n" + n); try { return thrower(depth - 1, n); } finally { count++; } }
var count = 0;
function main() {
  var caught = 0;
  for (var i = 0; i < 1500; i++) { try { thrower(i % 8, i); } catch (e) { if (e instanceof RangeError && e.message.length > 1) caught++; } }
  return caught + count;
}
