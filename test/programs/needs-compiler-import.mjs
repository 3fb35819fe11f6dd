// import() of names that are computed: modules join the program while it runs, and share what it has.
import { counted, count } from "./modules/late-shared.mjs";

const folder = "./modules/";
count();
const late = await import(`${folder}late-user.mjs`);
console.log(late.seen, late.default.name, Object.keys(late));
count();
console.log(late.seeNow(), counted, (await import(`${folder}late-shared.mjs`)).counted);
console.log((await import(`${folder}late-user.mjs`)) === late);
for (const name of ["late-wrong.mjs", "late-missing.mjs", "late-throws.mjs", "late-throws.mjs"]) {
  try {
    await import(folder + name);
  } catch (error) {
    console.log(name, error.name, error.code);
  }
}
const [first, second] = await Promise.all([import(`${folder}late-waits.mjs`), import(`${folder}late-waits.mjs`)]);
console.log(first === second, first.value);
await import(Symbol.iterator).catch((error) => console.log(error.name));
