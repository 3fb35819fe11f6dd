// Functions of every kind with every kind of parameter, methods and accessors, and classes.

import { expression, leaf, propertyName } from "./expressions.js";
import { BODY, type Maker, type Place } from "./maker.js";
import { pattern } from "./patterns.js";
import { statements } from "./statements.js";
import { key } from "./values.js";

interface Form { star?: boolean; async?: boolean; place?: Partial<Place> }

/** Parameters and body, with the names inside in sight there only. */
function parametersAndBody(m: Maker, form: Form): string {
  return m.within({ ...BODY, ...form.place }, () => {
    const { list, isSimple } = parameters(m);
    const strict = isSimple && m.chance(8);
    const inside: Partial<Place> = { yields: form.star === true, awaits: form.async === true };
    if (strict) inside.strict = true;
    const body = m.within(inside, () => `${strict ? "\"use strict\"; " : ""}tick(); ${bodyOf(m)}`);
    return `(${list}) { ${body} }`;
  });
}
function parameters(m: Maker): { list: string; isSimple: boolean } {
  let isSimple = true;
  const made: string[] = [];
  const parts = m.some(0, 3, () => {
    const form = m.next(10);
    const names: string[] = [];
    let text: string;
    if (form < 6) {
      text = m.fresh("p");
      names.push(text);
    } else {
      isSimple = false;
      if (form < 8) {
        const name = m.fresh("p");
        names.push(name);
        text = `${name} = ${m.chance(50) ? expression(m) : leaf(m)}`;
      } else {
        text = pattern(m, "declare", m.pick(["[", "{"]), names);
        if (m.chance(60)) text += ` = ${m.pick(["[1, 2, 3]", "{ a: 1, b: [2] }", "\"ab\"", leaf(m)])}`;
      }
    }
    for (const name of names) made.push(m.declare(name));
    return text;
  });
  if (m.chance(15)) {
    isSimple = false;
    const name = m.chance(70) ? m.fresh("p") : undefined;
    const names: string[] = [];
    parts.push(`...${name ?? pattern(m, "declare", "[", names)}`);
    for (const one of name === undefined ? names : [name]) made.push(m.declare(one, "array"));
  }
  return { list: parts.join(", "), isSimple };
}
function bodyOf(m: Maker): string {
  return m.choose([4, () => `return ${expression(m)};`], [6, () => `${statements(m, 3)} ${m.chance(70) ? `return ${expression(m)};` : ""}`]);
}

export function functionExpression(m: Maker): string {
  return m.deeper(() => {
    const async = m.chance(25);
    const star = m.chance(30);
    const name = m.chance(30) ? m.fresh("f") : "";
    return m.within({}, () => {
      if (name !== "") m.declare(name, star ? (async ? "asyncGenerator" : "generator") : async ? "async" : "function");
      return `${async ? "async " : ""}function${star ? "*" : ""} ${name}${parametersAndBody(m, { star, async })}`;
    });
  });
}
export function functionDeclaration(m: Maker): string {
  return m.deeper(() => {
    const async = m.chance(25);
    const star = m.chance(30);
    const name = m.declare(m.fresh("f"), star ? (async ? "asyncGenerator" : "generator") : async ? "async" : "function");
    return `${async ? "async " : ""}function${star ? "*" : ""} ${name}${parametersAndBody(m, { star, async })}`;
  });
}
export function arrow(m: Maker): string {
  return m.deeper(() => {
    const async = m.chance(20);
    const lost: Partial<Place> = { yields: false, awaits: false, loop: false, breakable: false, loopLabels: [], labels: [] };
    return m.within(lost, () => {
      const { list } = parameters(m);
      return m.within({ awaits: async }, () => `${async ? "async " : ""}(${list}) => ${m.chance(60) ? expression(m) : `{ tick(); ${m.within({ inFunction: true }, () => bodyOf(m))} }`}`);
    });
  });
}

/** A method or accessor of an object literal or class; `isClass` has `static` and private names too. */
export function method(m: Maker, isClass: boolean): string {
  return m.deeper(() => {
    const prefix = isClass && m.chance(30) ? "static " : "";
    const place: Partial<Place> = { superMember: true };
    return m.choose(
      [3, () => {
        const async = m.chance(25);
        const star = m.chance(30);
        let name = propertyName(m);
        // A line break or nothing at all would make a field of these; a class has one constructor, and a static prototype none.
        if (isClass && /^(get|set|async|static|constructor)$/.test(name)) name = "b";
        return `${prefix}${async ? "async " : ""}${star ? "*" : ""}${name}${parametersAndBody(m, { star, async, place })}`;
      }],
      [2, () => `${prefix}get ${propertyName(m)}() { ${m.within({ ...BODY, ...place }, () => `tick(); return ${expression(m)};`)} }`],
      [2, () => `${prefix}set ${propertyName(m)}(value) { ${m.within({ ...BODY, ...place }, () => `tick(); log(${m.tag()}, value); ${statements(m, 1)}`)} }`],
    );
  });
}

const bases = ["Array", "Map", "Set", "Error", "TypeError", "Promise", "RegExp", "Uint8Array", "Function", "String", "Number", "Object", "Boolean", "Date", "ArrayBuffer", "null"];

export function classExpression(m: Maker): string { return classText(m, m.chance(40) ? m.fresh("C") : ""); }
export function classDeclaration(m: Maker): string {
  const name = m.fresh("C");
  const text = classText(m, name);
  m.declare(name, "class");
  return text;
}
function classText(m: Maker, name: string): string {
  return m.deeper(() => m.within({ strict: true }, () => {
    if (name !== "") m.declare(name, "class");
    const heritage = m.choose([5, () => ""], [3, () => `(base(${m.name("class") ?? "Object"}))`], [3, () => m.pick(bases)], () => `(base(${expression(m)}))`);
    const privates = m.some(0, 2, () => m.fresh("#p"));
    return m.within({ privates: [...m.place.privates, ...privates] }, () => {
      const fieldPlace: Partial<Place> = { ...BODY, inFunction: false, argumentsAllowed: false, superMember: true };
      const parts: string[] = privates.map((own) => m.choose(
        [4, () => `${m.chance(25) ? "static " : ""}${own}${m.chance(80) ? ` = ${m.within(fieldPlace, () => expression(m))}` : ""};`],
        [2, () => `${m.chance(25) ? "static " : ""}${m.pick(["", "", "*", "async "])}${own}${parametersAndBody(m, { place: { superMember: true } })}`],
        [2, () => {
          const prefix = m.chance(25) ? "static " : "";
          const getter = `${prefix}get ${own}() { ${m.within({ ...BODY, superMember: true }, () => `tick(); return ${expression(m)};`)} }`;
          return m.chance(60) ? `${getter} ${prefix}set ${own}(value) { log(${m.tag()}, value); }` : getter;
        }],
      ));
      if (m.chance(50)) parts.push(constructorText(m, heritage !== ""));
      parts.push(...m.some(0, 4, () => m.choose(
        [5, () => method(m, true)],
        [3, () => {
          let key = propertyName(m);
          if (/^(get|set|async|static|constructor|prototype)$/.test(key)) key = "c";
          return `${m.chance(35) ? "static " : ""}${key}${m.chance(80) ? ` = ${m.within(fieldPlace, () => expression(m))}` : ""};`;
        }],
        () => `static { ${m.within({ ...fieldPlace }, () => statements(m, 2))} }`,
        () => `static [${key(m)}] = ${m.within(fieldPlace, () => expression(m))};`,
      )));
      for (let i = parts.length - 1; i > 0; i--) {
        const j = m.next(i + 1);
        [parts[i], parts[j]] = [parts[j]!, parts[i]!];
      }
      return `class ${name}${heritage === "" ? "" : ` extends ${heritage}`} { ${parts.join(" ")} }`;
    });
  }));
}
function constructorText(m: Maker, derived: boolean): string {
  return m.within({ ...BODY, superMember: true, superCall: derived }, () => {
    const { list } = parameters(m);
    const call = derived ? m.choose([6, () => `super(${m.chance(50) ? "...arguments" : m.some(0, 2, () => leaf(m)).join(", ")});`], () => "(() => super())();", () => "", () => `try { this; } catch (e) { log("early", e); } super();`, () => "eval(\"super()\");") : "";
    return `constructor(${list}) { tick(); ${call} ${statements(m, 2)} ${m.chance(15) ? `return ${m.choose(() => expression(m), () => "{}")};` : ""} }`;
  });
}
