// A program that keeps a hundred objects: what the firmware's memory is measured with, besides hello.js.
const readings = [];
for (let i = 0; i < 100; i++) readings.push({ time: i * 10, value: i * i % 17 });
let sum = 0;
for (const { value } of readings) sum += value;
setTimeout(() => console.log(readings.length, sum, readings[99].time), 20);
