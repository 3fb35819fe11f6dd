// Imports what there is not.
import { nothing } from "./late-shared.mjs";
console.log(nothing);
