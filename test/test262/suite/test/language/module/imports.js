/*---
flags: [module]
---*/
import { value } from "./imported_FIXTURE.js";
assert(value === 5, "the fixture's value");
