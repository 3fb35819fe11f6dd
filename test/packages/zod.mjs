import { z } from "zod";
const U = z.object({ name: z.string().min(2), age: z.coerce.number().int().positive().optional(), tags: z.array(z.enum(["a", "b"])).default([]), u: z.union([z.string(), z.number()]) }).transform((x) => ({ ...x, n: x.name.length }));
console.log(U.parse({ name: "Ann", age: "7", u: 1 })); const r = U.safeParse({ name: "A", age: -1, tags: ["c"], u: null }); console.log(r.success, r.error.issues.map((i) => [i.path.join("."), i.code, i.message]));
