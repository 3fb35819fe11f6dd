// acorn parses itself: the test puts its source where SOURCE stands.
import { parse, version } from "acorn";
const tree = parse(SOURCE, { ecmaVersion: "latest", sourceType: "module", locations: true });
let nodes = 0, checksum = 0;
(function walk(node) {
  nodes++;
  checksum = (checksum * 31 + node.start + node.type.length) % 1000003;
  for (const key in node) {
    const child = node[key];
    if (Array.isArray(child)) { for (const one of child) if (one && typeof one.type === "string") walk(one); }
    else if (child && typeof child.type === "string") walk(child);
  }
})(tree);
console.log(version, tree.body.length, nodes, checksum);
