// Closures: counters and accumulators that share variables.
function counter(step) { var n = 0; return { next: function () { n += step; return n; }, reset: function () { n = 0; } }; }
function compose(f, g) { return function (x) { return f(g(x)); }; }
function main() {
  var total = 0;
  for (var i = 0; i < 3000; i++) {
    var c = counter(i % 7), f = compose(function (x) { return x + i; }, function (x) { return x * 2; });
    for (var k = 0; k < 8; k++) total = (total + f(c.next())) | 0;
    c.reset();
  }
  return total;
}
