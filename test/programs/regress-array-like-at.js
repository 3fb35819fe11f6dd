// at() gives undefined beyond the length, whatever an array-like has there.
console.log([].at.call({ length: 1, 0: "in", 5: "beyond", "-3": "before" }, 5), [].at.call({ length: 1, 0: "in", "-3": "before" }, -4), [].at.call({ length: 1, 0: "in" }, -1));
