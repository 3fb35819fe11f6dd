// Sorting: numbers by a comparison function, objects by a name.
function main() {
  var seed = 12345, numbers = [], objects = [];
  function random() { seed = (seed * 1103515245 + 12345) & 0x7fffffff; return seed; }
  for (var i = 0; i < 12000; i++) numbers.push(random() % 100000);
  for (var k = 0; k < 2500; k++) objects.push({ name: "item" + random() % 5000, value: k });
  numbers.sort(function (a, b) { return a - b; });
  objects.sort(function (a, b) { return a.name < b.name ? -1 : a.name > b.name ? 1 : a.value - b.value; });
  return numbers[0] + numbers[6000] + numbers[11999] + objects[0].name + objects[2499].name;
}
