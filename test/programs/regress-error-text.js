// Error.prototype.toString asks for the name once, then for the message once.
const asked = [];
const error = new Proxy({ name: "Name", message: "text" }, { get(target, key) { asked.push(String(key)); return target[key]; } });
console.log(Error.prototype.toString.call(error), asked.join());
console.log(Error.prototype.toString.call({ get name() { asked.push("n"); return { toString() { asked.push("N"); return ""; } }; }, get message() { asked.push("m"); } }), asked.join());
