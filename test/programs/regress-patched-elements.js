// Elements that a program puts on Array.prototype are met by what the language says sets elements, and by nothing that a
// built-in keeps for itself.
let text = "";
function note(name, make) {
  let made;
  try { made = make(); } catch (error) { made = error.message; }
  text += `${name}: ${typeof made === "object" && made !== null ? Object.keys(made).length : String(made)}\n`;
}
const places = { 0: 0, 1: 0, 2: 0, 3: 0 };
for (const place in places) Object.defineProperty(Array.prototype, place, { get() { return undefined; }, set() { throw new Error(`set ${place}`); }, configurable: true });

note("regexp", () => /\7{2}?^é/dg);
note("replace", () => "abcabc".replace(/(b)(?<n>c)/g,"$1-$<n>"));
note("match all", () => "abcabc".match(/b/g));
note("matchAll", () => [..."abcabc".matchAll(/b/g)]);
note("split by pattern", () => "a,b".split(/,/));
note("split", () => "a,b".split(","));
note("split2", () => "ab".split(""));
note("map", () => [5,6].map(x=>x));
note("sort", () => [5,6,2].sort());
note("sort2", () => [5,6,2].sort((a,b)=>a-b));
note("sort3", () => ["b","a","c"].toSorted());
note("spread", () => [...new Set([1,2])]);
note("rest", () => ((...r)=>r)(1,2));
note("rest2", () => {const [a,...b]=[1,2,3]; return b;});
note("rest3", () => {const [a,...b]=new Set([1,2,3]); return b;});
note("from", () => Array.from(new Set([1,2])));
note("from2", () => Array.from({length:2}));
note("of", () => Array.of(1,2));
note("keys", () => Object.keys({a:1,b:2}));
note("entries", () => Object.entries({a:1,b:2}));
note("own", () => Reflect.ownKeys(Object.assign(()=>1,{a:1})));
note("json", () => JSON.parse("[1,2,{\"a\":[1,2]}]"));
note("json2", () => JSON.stringify([1,{a:[1,2]}],null,2));
note("json3", () => JSON.stringify({a:1,b:2},["a","b"]));
note("json4", () => JSON.parse("[1,[2]]",(k,v)=>v));
note("concat", () => [1].concat([2,3],4));
note("slice", () => [1,2,3].slice(1));
note("splice", () => [1,2,3].splice(0,2));
note("flat", () => [[1],[2,[3]]].flat(2));
note("flatMap", () => [1,2].flatMap(x=>[x,x]));
note("filter", () => [1,2].filter(()=>true));
note("args", () => (function(){return arguments})(1,2));
note("apply", () => Math.max.apply(null,[1,2]));
note("apply2", () => Math.max.apply(null,{length:2,0:1,1:2}));
note("bind", () => ((...a)=>a).bind(null,1,2).bind(null,3)(4));
note("construct", () => Reflect.construct(Array,[1,2]));
note("tpl", () => ((s,...v)=>s.raw.length+v.length)`a${1}b${2}c`);
note("fromEntries", () => Object.fromEntries([["a",1],["b",2]]));
note("typed", () => new Uint8Array([1,2,3]));
note("typed2", () => new Uint8Array(new Set([1,2])));
note("typedsort", () => new Uint8Array([3,2]).sort((a,b)=>a-b));
note("typedfilter", () => new Uint8Array([3,2]).filter(()=>true));
note("class", () => {class A{ x=1; #y=2; static z=3; [`w`]=5; get y(){return this.#y} } return new A});
note("proxy", () => Reflect.ownKeys(new Proxy({a:1},{ownKeys:()=>["a","b"]})));
note("proxy2", () => new Proxy(function(...a){return a.length},{})(1,2));
note("agg", () => new AggregateError([1,2]).errors);
note("date", () => new Date("2020-01-02").toISOString());
note("normalize", () => "é".normalize("NFD").length);
note("upper", () => "ßa".toUpperCase());
note("bigint", () => (123456789012345678901234567890n*3n).toString(7));
note("num", () => (0.1).toString(3)+(1e21).toFixed(2)+(1.5).toPrecision(3));
note("tospliced", () => [1,2,3].toSpliced(1,1,5,6));
note("with", () => [1,2,3].with(1,1));
note("rev", () => [1,2,3].toReversed());
note("mapgroup", () => new Map([[1,2]]).entries().next().value);
note("ent", () => [...[1,2].entries()]);
note("desc", () => Object.getOwnPropertyDescriptors({a:1}));
note("syms", () => Object.getOwnPropertySymbols({[Symbol()]:1}));
note("gen", () => [...(function*(){yield* [1,2]})()]);
note("err", () => new Error("x").stack.split("\n").length>0);
note("raw", () => String.raw`a${1}b`);
note("freeze", () => Object.isFrozen(Object.freeze([1,2])));
note("labels", () => [,1,,2].length);
note("str", () => String([1,[2,3]]));
note("defprops", () => Object.defineProperties({}, {a:{value:1,enumerable:true},b:{value:2,enumerable:true}}));
note("forin", () => {const o=[];let s=""; for(const k in {a:1,b:2}) s+=k; return s;});

function after(name, promise) { return promise.then((made) => note(name, () => made), (error) => note(name, () => (error.errors ? error.errors : error.message))); }
const all = after("all", Promise.all([1, Promise.resolve(2)]));
const settled = after("allSettled", Promise.allSettled([1, Promise.reject(2)]));
const any = after("any", Promise.any([Promise.reject(2), Promise.reject(3)]));
const awaited = after("for await", (async () => { let sum = 0; for await (const each of [1, 2]) sum += each; return sum; })());
const made = after("async generator", (async function* () { yield* [1, 2]; })().next());
all.then(() => settled).then(() => any).then(() => awaited).then(() => made).then(() => {
  for (const place in places) delete Array.prototype[place];
  console.log(text);
});
