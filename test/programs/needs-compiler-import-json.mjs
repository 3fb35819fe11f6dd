// A JSON file as the first module that joins a running program.
const name = ["./modules/late-data", "json"].join(".");
const { default: data } = await import(name, { with: { type: "json" } });
console.log(data.list.join(), (await import(name, { with: { type: "json" } })).default === data);
