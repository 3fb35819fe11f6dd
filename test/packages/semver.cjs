const s = require("semver");
console.log(s.satisfies("1.2.9", "^1.2.3 || >=2.0.0-beta <3"), s.sort(["1.10.0", "1.9.0", "1.9.0-rc.1"]), s.inc("1.2.3", "prerelease", "beta"), s.coerce("v3.4 foo").version, new s.Range("~1.2 || 2.x").range, s.minVersion(">1.0.0 <2").version);
