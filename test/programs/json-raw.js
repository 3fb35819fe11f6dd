// Raw JSON: texts that JSON.stringify writes as they are. Node 20 does not have it, so what is expected is written here.
const isHere = typeof mvm !== "undefined";
const check = (name, run, expected) => {
  let got = expected;
  if (isHere) {
    try {
      got = String(run());
    } catch (error) {
      got = error.name;
    }
  }
  console.log(name, got === expected ? "ok" : `${got} is not ${expected}`);
};
const big = "12345678901234567890.000";
check("a number as it is", () => JSON.stringify({ big: JSON.rawJSON(big), list: [JSON.rawJSON("1e2"), 1e2] }), `{"big":${big},"list":[1e2,100]}`);
check("with gaps and a replacer", () => JSON.stringify([1n], (key, value) => typeof value === "bigint" ? JSON.rawJSON(value) : value, 1), "[\n 1\n]");
check("alone", () => ["null", "true", '"x"', -1.5].map((text) => JSON.stringify(JSON.rawJSON(text))).join(), 'null,true,"x",-1.5');
check("what it is", () => {
  const raw = JSON.rawJSON("1");
  return [Object.getPrototypeOf(raw), Object.isFrozen(raw), Reflect.ownKeys(raw), raw.rawJSON, typeof raw.rawJSON];
}, ",true,rawJSON,1,string");
check("isRawJSON", () => [JSON.isRawJSON(JSON.rawJSON("1")), JSON.isRawJSON({ rawJSON: "1" }), JSON.isRawJSON("1"), JSON.isRawJSON()].join(), "true,false,false,false");
for (const text of ["", " 1", "1\n", "{}", "[1]", "1 2", "undefined", "'x'"]) check(`refused: ${JSON.stringify(text)}`, () => JSON.rawJSON(text), "SyntaxError");
check("refused: a symbol", () => JSON.rawJSON(Symbol()), "TypeError");
check("toJSON is not asked", () => JSON.stringify({ a: JSON.rawJSON("2"), get b() { return JSON.rawJSON("3"); } }), '{"a":2,"b":3}');
