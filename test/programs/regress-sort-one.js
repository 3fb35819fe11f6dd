// One value alone is compared with nothing, and so need not have a text.
const textless = Object.create(null);
console.log([textless].sort()[0] === textless, [, textless, undefined].sort().indexOf(textless));
console.log([textless].toSorted()[0] === textless);
try { [textless, 1].sort(); } catch (error) { console.log(error.name); }
console.log([].sort().length, [3].sort().join(), [undefined, , undefined].sort().length);
