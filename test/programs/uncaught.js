// An error that nobody catches ends the program: what ran before is printed, what was waiting does not run.
setTimeout(() => console.log("never"), 10);
process.exitCode = 5;
console.log("before");
function fails(n) { if (n === 0) throw new TypeError("nobody catches this"); try { fails(n - 1); } finally { console.log("finally", n); } }
queueMicrotask(() => console.log("not either"));
fails(2);
