// A rejection that nobody handles ends the program after the jobs that were waiting.
setTimeout(() => console.log("never"), 10);
Promise.reject(new RangeError("handled in time")).catch((e) => console.log(e.message));
const p = Promise.reject(new RangeError("unhandled"));
p.then(() => console.log("not this"));
Promise.resolve().then(() => console.log("a job")).then(() => console.log("another"));
console.log("end of script");
