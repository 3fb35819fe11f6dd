// The dialect's types (README.md beside this file). To TypeScript they are numbers; the translator reads the names.

/** A signed 32-bit integer. */
export type i32 = number;
/** An unsigned 32-bit integer. */
export type u32 = number;
/** An IEEE 754 double. */
export type f64 = number;
/** A truth value. */
export type bool = boolean;
