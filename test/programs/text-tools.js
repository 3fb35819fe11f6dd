// Word counts, wrapping, CSV, run-length and base64 coding, a diff, Roman numerals: ordinary work on texts.
const text = "It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness";
const counts = text.toLowerCase().match(/[a-z]+/g).reduce((m, w) => ({ ...m, [w]: (m[w] ?? 0) + 1 }), {});
console.log(Object.entries(counts).sort(([a, x], [b, y]) => y - x || a.localeCompare(b)).slice(0, 5));
console.log(text.split(" ").reduce((lines, w) => (lines.at(-1).length + w.length < 30 ? [...lines.slice(0, -1), (lines.at(-1) + " " + w).trim()] : [...lines, w]), [""]).join("\n"));
const parse = (csv) => csv.trim().split("\n").map((l) => [...l.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, q, p]) => (q !== undefined ? q.replaceAll('""', '"') : p)));
const rows = parse('name,note\n"Smith, J","said ""hi"""\nDoe,plain');
console.log(rows, rows.map((r) => r.map((c) => (/[",]/.test(c) ? `"${c.replace(/"/g, '""')}"` : c)).join()).join(";"));
const rle = (s) => s.replace(/(.)\1*/g, (run, c) => (run.length > 1 ? run.length : "") + c), unrle = (s) => s.replace(/(\d+)(.)/g, (_, n, c) => c.repeat(n));
console.log(rle("aaabccdddd"), unrle(rle("aaabccdddd")), btoa("hello"), atob("aGVsbG8="), [...new TextEncoder().encode("é€")].join(), new TextDecoder().decode(new Uint8Array([226, 130, 172])));
const roman = (n) => [[1000, "M"], [900, "CM"], [500, "D"], [400, "CD"], [100, "C"], [90, "XC"], [50, "L"], [40, "XL"], [10, "X"], [9, "IX"], [5, "V"], [4, "IV"], [1, "I"]].reduce((s, [v, r]) => { while (n >= v) { s += r; n -= v; } return s; }, "");
console.log([1, 4, 9, 14, 40, 90, 400, 1994, 2024].map(roman).join(" "));
function diff(a, b) { const t = Array.from({ length: a.length + 1 }, () => new Uint8Array(b.length + 1)); for (let i = a.length - 1; i >= 0; i--) for (let j = b.length - 1; j >= 0; j--) t[i][j] = a[i] === b[j] ? t[i + 1][j + 1] + 1 : Math.max(t[i + 1][j], t[i][j + 1]); let i = 0, j = 0, out = ""; while (i < a.length || j < b.length) { if (a[i] === b[j] && i < a.length) { out += a[i++]; j++; } else if (j >= b.length || (i < a.length && t[i + 1][j] >= t[i][j + 1])) out += `[-${a[i++]}]`; else out += `[+${b[j++]}]`; } return out; }
console.log(diff("kitten", "sitting"), diff("", "ab"), diff("same", "same"));
const slug = (s) => s.normalize("NFC").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
console.log(slug("  Hello, World!  "), "camelCaseToSnake".replace(/[A-Z]/g, (c) => "_" + c.toLowerCase()), "a-b-c".replace(/-(\w)/g, (_, c) => c.toUpperCase()), [..."level"].reverse().join("") === "level", "x".codePointAt().toString(2).padStart(8, "0"));
