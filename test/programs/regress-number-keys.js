// Computed names of methods and accessors that are numbers but no indices.
for (const a of [0.5, -7, NaN, -0, 1e300, 5, "0.5"]) {
  const o = { [a]() { return 1; }, get [a + 1]() { return 2; } };
  console.log(Object.keys(o), o[a].name, o[a + 1]);
  class C { static [a]() { return 3; } static get [-a]() { return 4; } [a] = 5; static [a * 2] = 6; }
  console.log(Object.getOwnPropertyNames(C).slice(3), Object.keys(new C()), C[a * 2]);
  const { [a]: taken } = { [a]: "t" };
  console.log(taken);
}
