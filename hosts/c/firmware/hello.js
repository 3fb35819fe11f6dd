// The firmware's first words: a greeting and three ticks of a timer.
console.log("hello from a device");
let ticks = 0;
const timer = setInterval(() => {
  console.log("tick", ++ticks);
  if (ticks === 3) clearInterval(timer);
}, 100);
