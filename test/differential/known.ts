// Differences that stay: where the specification leaves the answer open, where Node 20 is behind it or V8 errs, and a few
// of ours that would cost more than they are worth. As few as possible, each with its reason; what is here is counted, not
// reported.

import type { Difference } from "./compare.js";

export interface Known {
  reason: string;
  /** What differs shows it by itself; else the program is made small first, and only then looked at. */
  atOnce?: true;
  matches(difference: Difference, body: string): boolean;
}

export const known: readonly Known[] = [
  {
    reason: "Node 20 hands throw() on to a synchronous iterator without one in yield* of an async generator; ES2025 closes it with a TypeError",
    matches: (difference, body) => /yield\*/.test(body) && /async/.test(body) && (/rejected Error/.test(firstLines(difference)[0]) || /\.return undefined$/.test(firstLines(difference)[1])) && /rejected Error/.test(difference.node) && /rejected TypeError/.test(difference.ours),
  },
  {
    reason: "V8 does not list the properties that tied arguments got without enumerable, beyond those that they began with",
    atOnce: true,
    matches: (difference, body) => /arguments/.test(body) && firstLines(difference).every((line) => /callee/.test(line)) && firstLines(difference)[1].replace(/\{?\d\[[w-]?-[c-]\]:[^,]*,?/g, (text) => (text.startsWith("{") ? "{" : "")) === firstLines(difference)[0].replace(/\{?\d\[[w-]?-[c-]\]:[^,]*,?/g, (text) => (text.startsWith("{") ? "{" : "")),
  },
  {
    reason: "whether for-in visits what gets into the object while it runs is left open by the specification",
    matches: (difference, body) => /for \([^;]* in /.test(body) && /__proto__|setPrototypeOf|\bextends\b/.test(body) && (isPartOf(difference.node, difference.ours) || sameLines(difference)),
  },
  {
    reason: "whether for-in visits what ceases to be enumerable while it runs is left open by the specification",
    matches: ({ node, ours }, body) => /for \([^;]* in /.test(body) && /enumerable/.test(body) && isPartOf(ours, node),
  },
  {
    reason: "the order in which for-in asks a proxy is left open by the specification",
    matches: (difference, body) => /for \([^;]* in /.test(body) && firstLines(difference).some((line) => /^\d+:(getPrototypeOf|getOwnPropertyDescriptor|ownKeys)/.test(line)),
  },
  {
    reason: "array methods read an element first, and ask whether it is there only where that gave undefined: a proxy sees get before has, but a loop over an array has no second question",
    atOnce: true,
    matches: (difference) => {
      const [node, ours] = firstLines(difference);
      return /^\d+:has /.test(node) && ours === node.replace(":has", ":get");
    },
  },
  {
    reason: "V8 sorts nothing shorter than two, and so asks for no element",
    matches: (difference, body) => /sort|Sorted/i.test(body) && /^\d+:(get|has) 0/.test(firstLines(difference)[1]),
  },
  {
    reason: "V8 resolves a var's name after its initialiser has run, and the name of an update twice, and so asks the object of a with otherwise",
    matches: (difference, body) => /with \(/.test(body) && firstLines(difference).some((line) => /^\d+:has /.test(line)),
  },
  {
    reason: "V8 converts no further arguments of a date's setters if the date is invalid",
    matches: (difference, body) => /\.set(UTC)?(Month|FullYear|Hours|Minutes|Seconds|Date|Milliseconds)\(/.test(body) && /NaN/.test(firstLines(difference)[0]),
  },
  {
    reason: "Node 20 has RegExp.prototype[Symbol.match] ask for global and unicode, ES2023 for flags",
    atOnce: true,
    matches: (difference) => /get (global|unicode)$/.test(firstLines(difference)[0]) && /get flags$/.test(firstLines(difference)[1]),
  },
  {
    reason: "V8 gives sloppy functions properties arguments and caller of their own",
    atOnce: true,
    matches: (difference, body) => /(,|\{)\d+:"arguments",\d+:"caller"|arguments\[---\]:null|arguments:Object\{value:null|:\w+ (arguments|caller)$/.test(firstLines(difference)[0])
      || /with \(/.test(body) && /callee/.test(firstLines(difference)[0]) && /\bundefined$/.test(firstLines(difference)[1]),
  },
  {
    reason: "V8 gives sloppy functions properties arguments and caller of their own, which with finds",
    matches: (difference, body) => /with \(f\d/.test(body) && /\barguments\b/.test(body) && /(threw|rejected) TypeError|\bundefined$/.test(firstLines(difference)[1]),
  },
  {
    reason: "V8 puts accessors of an object literal behind the properties that follow them, where a spread comes before",
    matches: (difference, body) => /\.\.\./.test(body) && /\b[gs]et /.test(body) && samePieces(difference),
  },
  {
    reason: "V8 evaluates the first target of an object pattern before it finds that undefined and null have no properties",
    matches: (difference, body) => /[}\]] = /.test(body) && !/^section \S+ (threw|rejected) TypeError/.test(firstLines(difference)[0]) && /(threw|rejected) TypeError\{\}$/.test(firstLines(difference)[1]),
  },
  {
    reason: "V8 lets an optional group take part that a {0} or a {0,} is about, though it consumed nothing (22.2.2.3.1 RepeatMatcher, step 2.b)",
    matches: (difference, body) => /\{0(,\d*)?\}/.test(body) && firstLines(difference).map((line) => line.replaceAll('""', "undefined")).every((line, _, [first]) => line === first),
  },
  {
    reason: "the order of a built-in's properties is an engine's own choice",
    matches: (difference, body) => /getOwnProperty|ownKeys/.test(body) && firstLines(difference).every((line) => /\bconstructor\b|"Function"/.test(line) && /…\}?$/.test(line)),
  },
  {
    reason: "a list longer than any stack is refused by V8 before it is read, by ours when it is passed, or by the host when the memory is full",
    matches: (difference, body) => /apply|construct/.test(body) && /RangeError/.test(difference.node) && /^\d+:get \d+$/.test(firstLines(difference)[1]),
  },
  {
    reason: "V8 takes what a v class with -- leaves out by its own letters, and i then matches it nevertheless",
    matches: (_, body) => /\[.*--.*\][^/]*\/\w*i\w*v/.test(body),
  },
  {
    reason: "what a date's text means that is not in the specification's format is left open",
    matches: (difference, body) => /\bDate\(+["'`]|Date\.parse\(/.test(body) && /Invalid Date|NaN/.test(firstLines(difference)[1]),
  },
  {
    reason: "the global object of a context of Node's can be neither frozen nor sealed",
    matches: (difference, body) => /Object\.(freeze|seal|preventExtensions)\(+(this|globalThis)\b/.test(body) && (/ threw TypeError/.test(firstLines(difference)[0]) || isPartOf(difference.node, difference.ours)),
  },
  {
    reason: "the global object of a context of Node's has prototypes of another realm behind it",
    matches: (difference) => /Object<null/.test(firstLines(difference)[0]),
  },
  {
    reason: "V8 refuses a length out of range that a field or a literal gives an array as a redefinition (10.4.2.4 ArraySetLength, step 5: RangeError)",
    matches: (difference, body) => /class|define/.test(body) && /length/.test(body) && firstLines(difference)[0].replace("TypeError", "RangeError") === firstLines(difference)[1],
  },
  {
    reason: "V8 leaves the length of an empty array that was sealed writable when it is frozen",
    matches: (difference, body) => /freeze/.test(body) && firstLines(difference)[1].replaceAll("length[---]", "length[w--]") === firstLines(difference)[0].replaceAll("length[---]", "length[w--]"),
  },
  {
    reason: "how much a buffer may hold is an engine's own limit",
    matches: (difference, body) => /Array|Buffer/.test(body) && /\d{9}|\be\d|\*\*/.test(body) && /(threw|rejected) RangeError/.test(firstLines(difference)[1]),
  },
  {
    reason: "V8 lets a pattern with u or v begin between the halves of a surrogate pair",
    matches: (difference, body) => /[\u{10000}-\u{10ffff}]/u.test(body) && (/\/\w*[uv]/.test(body) && (withoutIndex(firstLines(difference)[0]) === withoutIndex(firstLines(difference)[1]) || firstLines(difference).every((line) => /Array\{(\d+:"",)*length\[w--\]:\d+\}$/.test(line))) || /\\ud[89a-f]/.test(firstLines(difference)[0]) && !/\\ud[89a-f]/.test(firstLines(difference)[1])),
  },
  {
    reason: "Node 20 has no Iterator, and so no constructor of iterators",
    matches: (difference, body) => /"constructor"/.test(body) && /\.values\(\)/.test(body) && /(threw|rejected) TypeError/.test(firstLines(difference)[1]),
  },
  {
    reason: "V8 evaluates the computed names of a class before it finds that what it extends is no constructor (15.7.14, step 5.f)",
    matches: ({ node, ours }, body) => /class.*extends.*\[/.test(body) && ours.split("\n").every((line) => node.includes(line)),
  },
  {
    reason: "V8 with u or v passes over places where the last alternative of a look-behind matches after the first came upon \\B",
    matches: ({ node, ours }, body) => /\(\?<=.*\\B.*\|.*\/\w*[uv]/.test(body) && isPartOf(node, ours),
  },
  {
    reason: "V8 finds out that a private accessor has no setter before it calls its getter (13.4.2.1, step 3: GetValue comes first)",
    matches: (difference, body) => /get #/.test(body) && isPartOf(difference.node, difference.ours),
  },
  {
    reason: "V8 says that undefined is not iterable where its Symbol.iterator is read, and the program counts the message's letters",
    matches: (difference, body) => /\[Symbol\.iterator\]/.test(body) && /catch \((e\d+)\)[^]*\$\{[^`]*\1/.test(body) && isPartOf(difference.ours, difference.node),
  },
  {
    reason: "V8 reads what a pattern has taken once more for the pattern's rest, where the object has symbols",
    matches: (difference, body) => /\{.*: .*\.\.\./.test(body) && /^\d+ get /.test(firstLines(difference)[0]) && isPartOf(difference.ours, difference.node),
  },
  {
    reason: "acorn refuses an async function expression with two object patterns among its parameters, inside a template",
    matches: (difference, body) => difference.ours === "[SyntaxError]" && /`[^]*async function[^]*`/.test(body),
  },
];

/** Are both outputs made of the same pieces, in another order? */
function samePieces({ node, ours }: Difference): boolean {
  const [one, other] = [node, ours].map((text) => text.replaceAll(/\d+:/g, "").split(/[{},\n]/).sort().join());
  return one === other;
}

/** Do both outputs have the same lines, in whatever order and as often as it may be? */
function sameLines({ node, ours }: Difference): boolean {
  const [one, other] = [node, ours].map((text) => [...new Set(text.split("\n"))].sort().join("\n"));
  return one === other;
}

/** Has the other output all lines of this one in their order, and others between them? */
function isPartOf(output: string, other: string): boolean {
  const lines = output.split("\n");
  let at = 0;
  for (const line of other.split("\n")) if (line === lines[at]) at++;
  return at === lines.length;
}

/** A line but for where a regular expression has matched. */
function withoutIndex(line: string): string { return line.replace(/\bindex:\d+/, ""); }

/** The first line of each side that the other does not have there. */
function firstLines({ node, ours }: Difference): [string, string] {
  const [one, other] = [node.split("\n"), ours.split("\n")];
  const at = one.findIndex((line, index) => line !== other[index]);
  return at < 0 ? ["", other[one.length] ?? ""] : [one[at]!, other[at] ?? ""];
}

/** Why it stays, if it does; `isSmall` if the program is as small as it can be made. */
export function knownReason(difference: Difference, body: string, isSmall: boolean): string | undefined {
  return known.find((one) => (isSmall || one.atOnce === true) && one.matches(difference, body))?.reason;
}
