// A rest leaves out what computed keys have taken, whatever they are made of.
for (const key of [1n, -1n, 2n ** 64n, 1, -1, 1.5, 1e21, "1", true, null, [1]]) {
  const { [key]: taken, ...rest } = { [key]: "taken", other: 2 };
  console.log(typeof key, taken, JSON.stringify(rest));
}
{ const { [1n]: taken, ...rest } = { 1: "taken", other: 2 }; console.log(taken, JSON.stringify(rest)); }
{ const { 0x10n: taken, ...rest } = { 16: "taken", other: 2 }; console.log(taken, JSON.stringify(rest)); }
{ let taken, rest; ({ [-3n]: taken, ...rest } = { "-3": "taken", other: 2 }); console.log(taken, JSON.stringify(rest)); }
const symbol = Symbol("s");
{ const { [symbol]: taken, ...rest } = { [symbol]: "taken", other: 2 }; console.log(taken, Reflect.ownKeys(rest).length); }
