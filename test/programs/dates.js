// Date: parts, UTC, parsing, arithmetic, formatting, invalid dates, and the program's own clock.
const d = new Date(2024, 1, 29, 12, 34, 56, 789);
console.log(d.toISOString(), d.getTime(), d.getDay(), d.getFullYear(), d.getMonth(), d.getDate(), d.getHours(), d.getMinutes(), d.getSeconds(), d.getMilliseconds());
console.log(Date.UTC(1970, 0, 1), Date.UTC(2000, 11, 31, 23, 59, 59, 999), new Date(0).toISOString(), new Date(-1).toISOString(), new Date(8.64e15).toISOString());
for (const text of ["2024-02-29", "2024-02-29T10:20:30Z", "2024-02-29T10:20:30+02:00", "2024-02-29T10:20", "2024", "2024-13-01", "nonsense", "+012024-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT", "Jan 5, 2021 10:00"]) {
  console.log(text, Date.parse(text));
}
d.setMonth(0, 31);
d.setMonth(1);
console.log(d.toISOString());
d.setFullYear(2023, 11, 31); d.setHours(25); d.setMinutes(-1); d.setSeconds(3600, 5); d.setDate(0);
console.log(d.toISOString(), d.getTimezoneOffset(), d.setTime(1e12), d.toJSON());
d.setUTCHours(1, 2, 3, 4); d.setUTCDate(40); d.setUTCMonth(-1); d.setUTCFullYear(1999); d.setUTCMinutes(70); d.setUTCSeconds(-5); d.setUTCMilliseconds(1500);
console.log(d.toISOString(), d.getUTCDay(), d.getUTCHours());
console.log(d.toString(), d.toDateString(), d.toTimeString(), d.toUTCString());
const bad = new Date(NaN);
console.log(bad, String(bad), bad.getTime(), bad.toJSON(), JSON.stringify({ bad, d }), isNaN(bad));
try { bad.toISOString(); } catch (error) { console.log(error.name, error.message); }
console.log(typeof Date(), new Date(d) - d, d + 1, d < new Date(), `${new Date(0)}`, d[Symbol.toPrimitive]("number"), new Date(2024, 0) > new Date(2023, 0));
console.log(new Date("2024-01-01"), [new Date(5)], { at: new Date(1e12) });
const t0 = Date.now(), p0 = performance.now();
setTimeout(() => {
  console.log(Date.now() - t0, performance.now() - p0, new Date().getTime() - t0);
}, 1500);
console.log(new Date().toISOString(), t0);
class Day extends Date { get label() { return this.getUTCFullYear() + "/" + (this.getUTCMonth() + 1); } }
console.log(new Day(0).label, new Day(0) instanceof Date, Object.prototype.toString.call(new Day()));
console.log(new Date(99, 0).getFullYear(), new Date(2024, 0, 1, 0, 0, 0, 0.9).getMilliseconds(), new Date(2024).getTime(), new Date(null).getTime(), new Date(undefined).getTime(), new Date(2019, 0, 31 + 28).getDate());
let leap = [];
for (let y = 1896; y <= 1912; y++) if (new Date(Date.UTC(y, 1, 29)).getUTCMonth() === 1) leap.push(y);
console.log(leap.join());
