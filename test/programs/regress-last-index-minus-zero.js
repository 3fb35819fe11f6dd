// -0 is an index like any other 0 for a regular expression that goes on from lastIndex.
for (const flags of ["g", "y", "", "gu"]) {
  const pattern = new RegExp("a", flags);
  pattern.lastIndex = -0;
  console.log(flags, pattern.test("ba"), pattern.exec("ab")?.index, Object.is(pattern.lastIndex, -0), "aa".replace(pattern, "b"));
}
