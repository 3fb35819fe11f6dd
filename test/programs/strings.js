// Strings: every method, wide and narrow, surrogates, comparison, conversion, building piece by piece.
const s = "Hello, Wörld \u20ac \ud83d\ude00!";
console.log(s.length, s.charAt(7), s.charCodeAt(8), s.codePointAt(16), s.at(-1), s[4], s[99], s.indexOf("o"), s.lastIndexOf("o"), s.includes("€"), s.startsWith("Wö", 7), s.endsWith("!"));
console.log(s.toUpperCase(), s.toLowerCase(), s.slice(7, -4), s.substring(5, 0), s.substr(-3, 2), s.split(" "), [...s].length, s.split("").length);
console.log("ab".padStart(7, "xyz"), "ab".padEnd(5) + "|", "  trim\u00a0\ufeff ".trim() + "|", " x ".trimStart() + "|", " x ".trimEnd() + "|", "ab".repeat(3), "".repeat(5), "a-b-c".replaceAll("-", "+"));
console.log("abc" < "abd", "a" < "B", "Z" < "a", "10" < "9", "10" < 9, "" < "a", "abc".localeCompare("abd"), "b" > "abc", "\u20ac" > "z");
console.log(String.fromCharCode(72, 0x20ac, 0x1f600), String.fromCodePoint(0x1f600), "x".concat(1, null, [2]), "abc".codePointAt(5), "\u{1f600}".charCodeAt(1), "ß".toUpperCase());
console.log("a\tb\\n".length, 'single\'s', "\x41\u0042\u{43}\0".length, "line\
continued");
let built = "";
for (let i = 0; i < 200; i++) built += String.fromCharCode(97 + i % 26) + (i % 50 === 0 ? "é" : "");
console.log(built.length, built.slice(-10), built.indexOf("é", 60), built === built.split("").join(""), built.lastIndexOf("é"));
const o = { [built]: "long key", ["k" + 1]: "short" };
console.log(o[built.slice(0, 100) + built.slice(100)], o.k1, o["k" + "1"]);
console.log(1 + "2", "3" * "4", "5" - 2, +"", +" 12 ", +"0x1f", +"1e3", +"abc", -"5", "b" + -"a", [] + {}, [] + [], 1 + null, "a" + undefined, true + "1", "1" + true + 2);
console.log(String(null), String([1, [2, 3]]), String({}), `${[]}`, String(Symbol("x")), String(() => 1), [1, 2].toString(), (25).toString(2), (255).toString(16), (0.5).toString(2), (-7).toString(36));
console.log("a,b,,c".split(","), "abc".split("", 2), "x".split("x"), "aXbX".split("X"), "test".split(/(?:)/), "A1B2".split(/\d/));
console.log([..."ab\ud83d\ude00"].map((c) => c.length), Array.from("xyz", (c) => c + c), "b" in Object("abc"), 1 in Object("abc"), Object("abc").length, Object.keys(Object("ab")), typeof Object("s"), new String("x") == "x", new String("x") === "x");
console.log(encodeURIComponent("a b&ü€😀"), decodeURIComponent("%F0%9F%98%80"), encodeURI("http://x/é?a=b c"), decodeURI("%41%2F"));
const cases = ["isWellFormed" in "" ? "\ud800x".isWellFormed() : false, "ab\ud800".toWellFormed?.() ?? "ab\ufffd"];
console.log(cases);
console.log("abcabc".search("c"), "tEsT".split("").map((c) => c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase()).join(""));
console.log("z".localeCompare("a"), ["b", "a", "C"].sort().join(), "abc".valueOf(), isNaN("x"), "caf\u00e9".length, "%s", "100%");
const table = [["name", "qty"], ["apple", 3], ["fig", 12]];
console.log(table.map(([n, q]) => String(n).padEnd(8, ".") + String(q).padStart(4)).join("\n"));
