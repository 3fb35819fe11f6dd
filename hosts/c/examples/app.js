// What the embedding example runs: it counts, asks the firmware for a temperature, and can be asked for the total.
let total = 0;
for (let second = 1; second <= 5; second++) {
  total += mvm.ask("temperature", second);
  console.log(`second ${second}: total ${total}`);
  await new Promise((resolve) => setTimeout(resolve, 10));
}
