// JSON: writing and reading a nested document.
function main() {
  const records = [];
  for (let i = 0; i < 700; i++) records.push({ id: i, name: "record " + i, tags: ["a", "b\"c", String(i)], position: { x: i * 0.5, y: -i, z: null }, active: i % 2 === 0 });
  let text = JSON.stringify({ version: 1, records });
  let sum = 0;
  for (let k = 0; k < 3; k++) {
    const document = JSON.parse(text);
    sum += document.records.reduce((a, r) => a + r.position.x + r.tags.length, 0);
    text = JSON.stringify(document);
  }
  return sum + text.length;
}
