// A class that is named after a computed key has its name before its static parts run, and keeps a static name of its own.
const key = "k";
console.log({ [2]: class { static x = this.name; } }[2].x, { [key]: class { static name = 5; } }.k.name);
class Outer { static [key + 1] = class { static n = this.name; }; [key] = class { static { console.log(this.name); } }; }
console.log(Outer.k1.n, Outer.k1.name, Object.getOwnPropertyNames(Outer.k1).join(), new Outer().k.name);
