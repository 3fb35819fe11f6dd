// Strings: building, taking apart, searching, replacing.
function main() {
  var text = "", words = ["alpha", "beta", "gamma", "delta", "epsilon"];
  for (var i = 0; i < 6000; i++) text += words[i % 5] + (i % 3 ? " " : ", ");
  var count = {}, parts = text.split(" ");
  for (var k = 0; k < parts.length; k++) { var w = parts[k].replace(",", ""); count[w] = (count[w] || 0) + 1; }
  var vowels = 0;
  for (var n = 0; n < text.length; n++) { var u = text.charCodeAt(n); if (u === 97 || u === 101 || u === 105 || u === 111) vowels++; }
  return Object.keys(count).sort().join("|") + vowels + text.indexOf("epsilon, alpha") + text.toUpperCase().slice(100, 120);
}
