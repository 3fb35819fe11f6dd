// process.exit in the middle of everything: finally blocks do not run, timers neither; exitCode, argv, env, stdout.write.
process.stdout.write("no line end");
process.stdout.write(" yet\n");
console.log(process.argv.length, process.env.MODE, typeof process.exit, process.exitCode);
setTimeout(() => console.log("never"), 1);
const g = (function* () { try { yield 1; } finally { console.log("not closed"); } })();
for (const x of g) { try { [3, 1].map((n) => { if (n === 1) process.exit(3); console.log(n); }); } finally { console.log("not here"); } }
