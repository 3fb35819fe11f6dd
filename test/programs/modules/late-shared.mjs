// Shared by a program and the modules that it loads later.
export let counted = 0;
export function count() { counted++; }
