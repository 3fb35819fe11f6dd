// Regular expressions: tokens of a little language, replacing, splitting.
function main() {
  var source = "let alpha = 12.5 * (beta_1 + 0x1f) - \"text \\\" more\"; // comment\n".repeat(60);
  var token = /\s*(?:(\/\/[^\n]*)|(0x[0-9a-f]+|\d+(?:\.\d+)?)|("(?:[^"\\]|\\.)*")|([A-Za-z_]\w*)|(.))/g, kinds = [0, 0, 0, 0, 0, 0], match;
  while ((match = token.exec(source)) && match[0] !== "") for (var k = 1; k < 6; k++) if (match[k] !== undefined) kinds[k]++;
  var swapped = source.replace(/(\w+) = (\d+)/g, "$2 := $1"), words = source.split(/[\s;]+/).length;
  return kinds.join(",") + swapped.length + words + /(a+)+$/.test("aaaaaaaaaaaaaa!");
}
