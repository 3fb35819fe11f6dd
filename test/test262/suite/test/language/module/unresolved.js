/*---
flags: [module]
negative:
  phase: resolution
  type: SyntaxError
---*/
import { missing } from "./imported_FIXTURE.js";
