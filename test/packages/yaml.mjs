import YAML from "yaml";
console.log(YAML.stringify({ a: [1, { b: 2 }], c: "multi\nline", d: null, e: 1.5e300 }));
console.log(JSON.stringify(YAML.parse("x: 1\ny:\n  - a\n  - b: {c: d}\nz: |\n  text\n  more\nanchor: &k {v: 1}\nalias: *k\n")));
try { YAML.parse("a: [1"); } catch (error) { console.log(error.name, error.message.split("\n")[0]); }
