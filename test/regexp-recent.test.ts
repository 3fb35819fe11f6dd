// Modifiers of groups and names that several groups have: Node 20, the oracle of test/programs, knows neither, so what
// is expected stands here. Each line is also stopped and moved like those programs.

import test from "ava";
import { compileText, flatKernel, ProgramRun } from "./support/run-program.js";
import { Random } from "./support/random.js";
import { pauseAnywhere } from "./torture.js";

const lines: readonly (readonly [string, string])[] = [
  // Modifiers
  [`[/(?i:a)b/.test("Ab"), /(?i:a)b/.test("AB"), /(?-i:a)b/i.test("aB"), /(?-i:a)b/i.test("AB")]`, "true,false,true,false"],
  [`[/(?s:.)./.test("\\n\\n"), /(?s:..)/.test("\\n\\n"), /(?-s:.)/s.test("\\n"), /(?m:^b$)/.test("a\\nb\\nc"), /(?-m:^b)/m.test("a\\nb")]`, "false,true,false,true,false"],
  [`[/(?i:(?-i:a)b)c/.test("aBc"), /(?i:(?-i:a)b)c/.test("ABc"), /(?ims-:a.^b)/.test("A\\nB"), /(?i:a|b)c|d/.exec("xBc").index, /(?i:a|b)c|d/.test("D")]`, "true,false,true,1,false"],
  [`[/(a)(?i:\\1)/.test("aA"), /(a)(?-i:\\1)/i.test("aA"), /(?i:(a))\\1/.test("AA"), /(?i:(a))\\1/.test("Aa"), /(?i:[^x])/.test("X")]`, "true,false,true,false,false"],
  [`[/(?i:\\w)/u.test("\\u017f"), /(?-i:\\w)/iu.test("\\u017f"), /(?i:\\b)/u.test("\\u017f"), /(?i:\\p{Lu})/u.test("a"), /(?<=(?i:a))b/.test("Ab")]`, "true,false,true,true,true"],
  [`["(?-:a)", "(?ii:a)", "(?i-i:a)", "(?g:a)", "(?i-:a)", "(?-i:a)", "(?i", "(?i)", "(?I:a)", "(?--i:a)", "(?i--s:a)"].map((source) => { try { new RegExp(source); return "ok"; } catch (error) { return error.message.slice(-13); } })`,
    "Invalid group,Invalid group,Invalid group,Invalid group,ok,ok,Invalid group,Invalid group,Invalid group,Invalid group,Invalid group"],
  [`[/(?i:a)/.source, /(?i:a)/.flags, /(?i:a)/.ignoreCase, /(?:(?i:a)+b){2}/.exec("aAbAb")[0], "xAyA".replace(/(?i:a)/g, "-")]`, "(?i:a),,false,aAbAb,x-y-"],
  // Names that several groups have
  [`[/(?<y>a)|(?<y>b)/.exec("b").groups.y, /(?<y>a)|(?<y>b)/.exec("a").groups.y, /(?<y>a)|(?<y>b)/.exec("b").length, Object.keys(/(?<z>q)|(?<y>a)(?<z>b)/.exec("ab").groups)]`, "b,a,3,z,y"],
  [`[/(?:(?<x>a)|(?<x>b))\\k<x>/.test("bb"), /(?:(?<x>a)|(?<x>b))\\k<x>/.test("ab"), /(?:(?:(?<x>a)|(?<x>b))\\k<x>){2}/.exec("aabb")[0], /(?<=\\k<x>(?:(?<x>a)|(?<x>b)))c/.test("bbc")]`, "true,false,aabb,true"],
  [`["2026-11", "11/2026"].map((text) => /(?<year>\\d{4})-(?<month>\\d\\d)|(?<month>\\d\\d)\\/(?<year>\\d{4})/.exec(text).groups.year)`, "2026,2026"],
  [`["ab".replace(/(?<k>a)|(?<k>b)/g, "[$<k>]"), [..."ab".matchAll(/(?<k>a)|(?<k>b)/dg)].map((each) => each.indices.groups.k.join("-"))]`, "[a][b],0-1,1-2"],
  [`["(?<a>x)(?<a>y)", "(?<a>x)|(?<b>y)(?<b>z)", "(?<a>(?<a>x))", "(?:(?<a>x)|(?<a>y))(?<a>z)", "(?<a>x)|(?:(?<a>y)|(?<a>z))", "(?=(?<a>x))|(?<a>y)*"].map((source) => { try { new RegExp(source); return "ok"; } catch (error) { return error.name; } })`,
    "SyntaxError,SyntaxError,SyntaxError,SyntaxError,ok,ok"],
];

for (const [source, expected] of lines) {
  test(source, (t) => {
    const victim = { name: source, unit: compileText(`console.log(String(${source}));`, "line.js") };
    const run = ProgramRun.start(flatKernel, victim.unit).finish();
    t.is(run.transcript(), `${expected}\n[exit 0]`);
    const random = new Random(source.length);
    const points = Array.from({ length: 8 }, () => 1 + random.next(run.steps)).sort((a, b) => a - b);
    t.true(pauseAnywhere(victim, { points, ahead: 500, finishOneIn: 4, seed: 1, transcript: run.transcript() }) > 0);
  });
}
