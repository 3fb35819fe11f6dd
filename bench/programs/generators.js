// Generators: pipelines of iterators.
function* range(n) { for (let i = 0; i < n; i++) yield i; }
function* map(source, f) { for (const x of source) yield f(x); }
function* filter(source, f) { for (const x of source) if (f(x)) yield x; }
function main() {
  let total = 0;
  for (const x of filter(map(range(12000), (x) => x * 3), (x) => x % 2 === 0)) total = (total + x) % 1000003;
  const [a, b, ...rest] = map(range(50), (x) => x + 1);
  return total + a + b + rest.length;
}
