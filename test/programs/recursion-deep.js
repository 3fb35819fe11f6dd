// Recursion 5,000 deep, on the way down and up, direct and mutual, and an exception from the bottom.
function depth(n) {
  if (n === 0) return 0;
  return 1 + depth(n - 1);
}
function even(n) { return n === 0 ? true : odd(n - 1); }
function odd(n) { return n === 0 ? false : even(n - 1); }
function dive(n, path) {
  if (n === 0) throw new RangeError("bottom of " + path);
  try {
    dive(n - 1, path);
  } finally {
    passed++;
  }
}
let passed = 0;
console.log(depth(5000));
console.log(even(3001), odd(3001));
try {
  dive(700, "the dive");
} catch (error) {
  console.log(error.name, error.message, passed);
}
function endless(n) { return endless(n + 1) + 1; }
try {
  endless(0);
} catch (error) {
  console.log(error instanceof RangeError, error.message);
}
