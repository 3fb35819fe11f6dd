// Maps and sets: counting, membership, iteration.
function main() {
  const counts = new Map(), seen = new Set();
  for (let i = 0; i < 40000; i++) {
    const key = "k" + (i * 7919) % 997;
    counts.set(key, (counts.get(key) ?? 0) + i);
    if (i % 3 === 0) seen.add(i % 1009);
  }
  let total = 0;
  for (const [key, value] of counts) total = (total + value + key.length) % 1000003;
  seen.forEach((v) => { if (counts.has("k" + v)) total++; });
  return total + counts.size + seen.size;
}
