// A function of the core that calls itself without end, here by a proxy that is its own prototype, meets the limit of the
// stack as a program's own does: a RangeError that can be caught, and the program goes on.
const own = new Proxy({}, {});
Object.setPrototypeOf(own, own);
try {
  console.log(own.missing);
} catch (error) {
  console.log(error.name, error.message);
}
console.log("goes on");
