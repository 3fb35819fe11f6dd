// console.log of arrays with keys that only look like indices.
const list = [1];
list["4294967295"] = "too large";
list["01"] = "leading zero";
console.log(list, Object.keys(list));
console.log(typeof Function.prototype, Function.prototype());
