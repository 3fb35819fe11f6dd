const H = require("handlebars");
H.registerHelper("up", (s) => s.toUpperCase());
const t = H.compile("{{#each rows as |r i|}}{{i}}:{{up r.name}} {{#if r.ok}}yes{{else}}no{{/if}}\n{{/each}}{{lookup map 'k'}} {{{html}}} {{html}}");
console.log(t({ rows: [{ name: "a", ok: 1 }, { name: "b" }], map: { k: "v" }, html: "<b>&</b>" }));
