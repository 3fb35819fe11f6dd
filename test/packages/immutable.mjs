import { Map, List, fromJS, Set, OrderedMap, Range } from "immutable";
const m = fromJS({ a: [1, { b: 2 }], c: "x" });
console.log(m.setIn(["a", 1, "b"], 9).toJS(), m.hashCode() === fromJS({ a: [1, { b: 2 }], c: "x" }).hashCode(), Set([3, 1, 3]).size, Range(0, 1e6, 3).filter((x) => x % 2).take(4).toArray());
let l = List(); for (let i = 0; i < 3000; i++) l = l.push(i); console.log(l.size, l.get(1234), String(l.slice(2990)), OrderedMap({ z: 1, a: 2 }).map((v) => v * 2).toString());
