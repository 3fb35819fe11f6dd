// Loaded while the program runs: it sees what the program has.
import { counted } from "./late-shared.mjs";
import * as shared from "./late-shared.mjs";

export const seen = `${counted} ${Object.keys(shared)}`;
export function seeNow() { return counted + shared.counted; }
export default class Late {}
export * from "./late-shared.mjs";
