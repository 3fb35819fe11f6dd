// Arrays: a sieve, and the functional methods.
function main() {
  var flags = [], count = 0;
  for (var i = 0; i < 40000; i++) flags.push(true);
  for (var p = 2; p < 40000; p++) { if (flags[p]) { count++; for (var m = p + p; m < 40000; m += p) flags[m] = false; } }
  var list = flags.map(function (f, i) { return f ? i : 0; }).filter(function (x) { return x > 0; });
  return count + list.reduce(function (a, b) { return (a + b) % 65521; }, 0) + list.slice(10, 20).reverse().join(",");
}
