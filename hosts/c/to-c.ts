// Prints the checked kernel as C99: machine.c, machine.h (what a host calls) and format.h (the tables of vm/format).
// Names, comments, the order of things and blank lines are the source's, so that the C reads like the TypeScript.
// c-expressions.ts prints the expressions.

import * as path from "node:path";
import { CExpressions, bitsOf, cType, literal, localRep, repType, storedAs, takesMemory, withMemory, type Names } from "./c-expressions.js";
import { pack, type PackedCode } from "./packed.js";
import type { Part } from "./profiles.js";
import {
  DialectError, I32_RANGE, U32_RANGE, contains, within,
  type Action, type Clause, type Constant, type Entity, type Expression, type KernelFunction, type Label, type Local,
  type Loop, type Program, type State, type Statement, type Table, type TableObject, type Type, type Variable, type View,
} from "./program.js";

/** Words that mean something to C or its library. */
const RESERVED = new Set(`auto break case char const continue default do double else enum extern float for goto if inline int long
  register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while bool true false NULL
  abs acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh erf erfc exp exp2 expm1 fabs fdim floor fma fmax fmin fmod
  frexp gamma hypot ilogb index ldexp lgamma llrint llround log log10 log1p log2 logb lrint lround modf nan nearbyint nextafter pow
  remainder remquo rint round scalbln scalbn signbit sin sinh sqrt tan tanh tgamma trunc isnan isinf isfinite j0 j1 jn y0 y1 yn
  memchr memcmp memcpy memmove memset strlen strcmp div ldiv exit abort free malloc calloc realloc rand signal time clock raise
  assert main errno unix linux`.split(/\s+/));

export interface CFiles { readonly source: string; readonly header: string; readonly format: string; readonly packed: string }

/** The generated files; `prelude` is the text of prelude.h, `called` names the functions that hosts in C call, `absent` are the parts that are left out. */
export function toC(program: Program, prelude: string, called: ReadonlySet<string>, absent: readonly Part[] = []): CFiles {
  const printer = new Printer(program, prelude, called, absent);
  return { source: printer.source(), header: printer.header(), format: printer.format(), packed: printer.packedText() };
}

/** A line of a function; `unread` goes if the function turns out to read that variable. */
interface Line { readonly text: string; readonly unread?: Local }

/** The loop of an interpreter: `for (;;) { if (…) break; count; const opcode = fetch; switch (opcode) { … } after }`. */
interface ThreadedLoop {
  readonly end: Statement & { kind: "if" };
  readonly count: Statement & { kind: "action" };
  readonly opcode: Local;
  readonly fetch: Expression;
  readonly instructions: Statement & { kind: "switch" };
  readonly after: readonly Statement[];
}
/** An opcode is a byte. */
const PLACES = 256;

class Printer implements Names {
  private readonly expressions = new CExpressions(this);
  private readonly entities: readonly Exclude<Entity, TableObject>[];
  private readonly functions: readonly KernelFunction[];
  private readonly preludeNames: ReadonlySet<string>;
  /** What the members of tables are called: `Op.ADD` OP_ADD, or OP_add if it also has one of the other spelling. */
  private readonly members = new Map<Constant, string>();
  private lines: Line[] = [];
  private indent = "";
  private localNames = new Map<Local, string>();
  /** The variables of the function that its C reads. */
  private read = new Set<Local>();
  private labelNames = new Map<Label, string>();
  private resultType: Type = "void";
  /** Does the function touch the program's memory? */
  private touchesMemory = false;
  private isThreaded = false;
  /** The elements of M and C that the machine takes for granted. */
  private readonly least = new Map([["M", 0], ["C", 0]]);
  /** The cases of a threaded loop, while they are printed: their `continue` goes to the next instruction. */
  private instructions: readonly Clause[] | undefined;
  private opcode: Local | undefined;

  private readonly packed: PackedCode;

  constructor(private readonly program: Program, private readonly prelude: string, called: ReadonlySet<string>, private readonly absentParts: readonly Part[]) {
    this.entities = program.files.flatMap(file => file.declarations.flatMap(each => each.kind === "entity" ? [each.entity] : []));
    this.functions = this.entities.filter((entity): entity is KernelFunction => entity.kind === "function" && !entity.host);
    this.preludeNames = new Set([...prelude.matchAll(/\b(\w*_\w+|[A-Z_]{2,})\b/g)].map(match => match[1]!));
    for (const entity of program.imported.values()) {
      if (entity.kind !== "object") continue;
      const spelt = [...entity.members.values()].map(member => upperCase(member.name));
      [...entity.members.values()].forEach((member, i) => {
        const unique = spelt.indexOf(spelt[i]!) === spelt.lastIndexOf(spelt[i]!);
        this.members.set(member, `${upperCase(entity.name)}_${unique ? spelt[i]! : member.name}`);
      });
    }
    this.packed = pack(program, this, called, this.programStart());
  }

  packedText(): string {
    return this.packed.data();
  }

  // Names

  local(local: Local): string {
    this.read.add(local);
    return this.localNames.get(local)!;
  }
  cType(type: Type): string {
    return cType(type);
  }
  state(state: State): string {
    return `mvmjs_${state.name}`;
  }
  constant(constant: Constant): string {
    return constant.table === "" ? this.free(constant.name) : this.members.get(constant)!;
  }
  table(table: Table): string {
    return this.free(table.name);
  }
  callee(callee: KernelFunction): string {
    return callee.exported && !expanded(callee) || RESERVED.has(callee.name) ? `mvmjs_${callee.name}` : this.free(callee.name);
  }
  absent(callee: KernelFunction): number {
    const file = path.basename(callee.file.fileName);
    return this.absentParts.findIndex(({ files, functions }) => files?.includes(file) || functions?.includes(callee.name)) + 1;
  }
  needElement(view: View, index: number): void {
    this.least.set(view.name, Math.max(this.least.get(view.name)!, index + 1));
  }
  touchMemory(): void {
    this.touchesMemory = true;
  }
  private free(name: string): string {
    return RESERVED.has(name) || this.preludeNames.has(name) ? `${name}_` : name;
  }
  private declare(local: Local): string {
    const name = this.program.names.has(local.name) || this.program.imported.has(local.name) ? `${local.name}_` : this.free(local.name);
    this.localNames.set(local, name);
    return name;
  }

  // Files

  header(): string {
    const functions = this.functions.filter(each => each.exported && !each.inline);
    const states = this.entities.filter((each): each is State => each.kind === "state" && each.exported);
    return `${GENERATED}
// What a host calls. The machine is one: the functions work on the memory attached last.
#ifndef MVMJS_MACHINE_H
#define MVMJS_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

/** Put before each function; a host that includes machine.c defines it as static. */
#ifndef MVMJS_API
#define MVMJS_API
#endif

/**
 * Makes \`words\` words at \`memory\` (8-byte aligned; the core followed by the program) the current memory, and sets the
 * arrays of the property cache and of the collector's marks beside it. With MVMJS_SLACK there are that many bytes of the
 * host's before and behind the memory (prelude.h). Memory and cache have at least the words below; of less nothing is
 * attached, which is a memory fault.
 */
#define MVMJS_LEAST_WORDS ${this.least.get("M")}
#define MVMJS_LEAST_CACHE_WORDS ${this.least.get("C")}
/** The first word that is the program's own: those below are the core's. */
#define MVMJS_PROGRAM_START ${this.programStart()}
MVMJS_API void mvmjs_attach(uint8_t *memory, uint32_t words, int32_t *cache, uint32_t cacheWords, int32_t *marks, uint32_t marksWords);
#ifdef MVMJS_PROFILE
/**
 * The part of kernel or core that this machine lacks and the program has reached, else NULL: a limit of this host's. The
 * program cannot go on. A host clears it.
 */
extern const char *mvmjs_absent_part;
/** The fuel that was left then, and was taken away. */
extern int32_t mvmjs_absent_fuel;
#elif defined(MVMJS_SPLIT)
/**
 * Says where the core is (8-byte aligned, little-endian, an even number of words): \`memory\` above begins with the word
 * MVMJS_PROGRAM_START then, and \`words\` is still the address of its end.
 */
MVMJS_API void mvmjs_attach_core(const uint8_t *core, uint32_t words);
#endif

/** Set when the machine was about to go outside its arrays: the program is broken. A host clears it. */
extern bool mvmjs_memory_fault;
/** With MVMJS_SCRATCH: set too when what was missing is scratch, which is this host's limit and nobody's fault. */
extern bool mvmjs_scratch_short;

${states.map(each => `${commentLines([each.comment])}MVMJS_API ${cType(each.type)} mvmjs_get_${each.name}(void);\n`).join("\n")}
${functions.map(each => `${commentLines([each.comment])}MVMJS_API ${this.signature(each, true)};\n`).join("\n")}
#endif
`;
  }

  private programStart(): number {
    const start = this.program.imported.get("REGISTERS");
    return start?.kind === "constant" && typeof start.value === "number" ? start.value : 0;
  }

  format(): string {
    const parts = [...this.program.imported].map(([name, entity]) => {
      if (entity.kind === "table") return this.tableText(entity);
      if (entity.kind === "constant") return this.constantText(entity, name);
      return `// ${name}\n${this.membersText([...entity.members.values()])}`;
    });
    return `${GENERATED}\n// The tables of vm/format that the machine uses.\n#ifndef MVMJS_FORMAT_H\n#define MVMJS_FORMAT_H\n\n#include <stdint.h>\n\n#ifndef MVMJS_UNUSED\n#define MVMJS_UNUSED\n#endif\n\n${parts.join("\n")}\n#endif\n`;
  }

  source(): string {
    const prototypes = this.functions.filter(each => !each.exported || expanded(each)).map(each => this.ifReached(each, `${this.prefix(each)}${this.signature(each)};\n`));
    const states = this.entities.filter((each): each is State => each.kind === "state" && each.exported);
    const getters = states.map(each => `MVMJS_API ${cType(each.type)} mvmjs_get_${each.name}(void) {\n  return ${this.state(each)};\n}\n`);
    return [
      `${GENERATED}\n#include "machine.h"\n`, this.prelude, `#include "format.h"\n`, this.absentText(),
      ...this.program.files.map(file => this.data(file)),
      `// The functions, file by file\n\n${prototypes.join("")}`, ...getters,
      ...this.program.files.map(file => this.code(file)),
      "#ifdef MVMJS_PACKED\n#include \"packed.h\"\n#endif\n",
    ].filter(part => part !== "").join("\n");
  }

  /** What the functions of absent parts do. */
  private absentText(): string {
    const missing = this.absentParts.length === 0 ? "" : `#ifndef MVMJS_PROFILE\n#error "Parts of this machine are absent: -DMVMJS_PROFILE."\n#endif\n`;
    return `${missing}#ifdef MVMJS_PROFILE
static void absent_kernel_part(unsigned number) {
  stop_at_absent(mvmjs_core_part_name(number));
}
#else
#define absent_kernel_part(number) ((void)(number))
#endif
`;
  }

  /** The constants, tables and state of a file. */
  private data(file: Program["files"][number]): string {
    let last: unknown;
    const parts = file.declarations.flatMap(declaration => {
      if (declaration.kind !== "entity") return [];
      const { entity, node } = declaration;
      // Several names declared at once share a comment.
      const comment = node === last ? "" : commentLines([entity.comment]);
      last = node;
      switch (entity.kind) {
        case "constant": return [comment + this.constantText(entity, entity.name)];
        case "table": return [comment + this.tableText(entity)];
        case "state": return this.prelude.includes(` mvmjs_${entity.name};`) ? [] : [`${comment}static ${cType(entity.type)} ${this.state(entity)} MVMJS_UNUSED = ${stateValue(entity)};\n`];
        case "view": return entity.length === undefined ? [] : [comment + arrayText(entity)];
        default: return [];
      }
    });
    return parts.length === 0 ? "" : `// ${fileName(file.source.fileName)}: data\n\n${parts.join("")}`;
  }

  private code(file: Program["files"][number]): string {
    const functions = file.declarations.flatMap(each => each.kind === "entity" && each.entity.kind === "function" && !each.entity.host ? [each.entity] : []);
    if (functions.length === 0) return "";
    return [`// ${fileName(file.source.fileName)}\n${commentLines([file.comment])}`, ...functions.map(each => this.ifReached(each, this.function(each)))].join("\n");
  }

  private constantText(constant: Constant, own: string): string {
    const name = own === "" ? this.constant(constant) : this.free(own);
    const { value } = constant;
    if (typeof value === "boolean") return `#define ${name} ${value}\n`;
    if (constant.type === "f64") return `#define ${name} (${literal(value, "f64").code})\n`;
    if (contains(I32_RANGE, value)) return `enum { ${name} = ${literal(value, "i32").code === "INT32_MIN" ? "-0x7fffffff - 1" : value} };\n`;
    return `#define ${name} ${literal(value, contains(U32_RANGE, value) ? "u32" : "i64").code}\n`;
  }

  /** The members of a table: one enumeration, and what does not fit an int beside it. */
  private membersText(members: readonly Constant[]): string {
    const small = members.filter(each => each.type === "int" && contains(I32_RANGE, each.value as number) && each.value !== I32_RANGE.low);
    const others = members.filter(each => !small.includes(each)).map(each => this.constantText(each, ""));
    const list = small.map(each => `${this.constant(each)} = ${each.value as number}`);
    return `${list.length === 0 ? "" : `enum {\n${wrapped(list)}};\n`}${others.join("")}`;
  }

  private tableText(table: Table): string {
    const rep = table.element === "bool" || table.element === "void" ? "i32" : table.element;
    const values = table.values.map(value => literal(value, rep).code);
    const plain = `static const ${storedAs(table)?.type ?? repType(rep)} ${this.table(table)}[${values.length}] MVMJS_UNUSED = {\n${wrapped(values)}};\n`;
    const width = bitsOf(table);
    if (width === undefined) return plain;
    const perByte = 8 / width;
    const bytes = Array.from({ length: Math.ceil(values.length / perByte) }, (_, i) =>
      String(table.values.slice(i * perByte, (i + 1) * perByte).reduce((sum, value, j) => sum | value << j * width, 0)));
    return `#ifdef MVMJS_COMPACT\nstatic const uint8_t ${this.table(table)}[${bytes.length}] MVMJS_UNUSED = {\n${wrapped(bytes)}};\n#else\n${plain}#endif\n`;
  }

  // Functions

  private prefix(callee: KernelFunction): string {
    // What only absent functions call is called by none.
    const mayBeUnused = this.absentParts.length > 0;
    return expanded(callee) ? "MVMJS_EXPANDED " : callee.exported ? "MVMJS_API " : mayBeUnused || this.packed.functions.has(callee) || this.packed.unreached.has(callee) ? "static MVMJS_UNUSED " : "static ";
  }

  /** The head of a function; `forHosts`: as a host calls it. */
  private signature(callee: KernelFunction, forHosts = false): string {
    this.localNames = new Map();
    const parameters = callee.parameters.map(parameter => `${cType(parameter.type)} ${this.declare(parameter)}`);
    if (forHosts) return `${cType(callee.result)} mvmjs_${callee.name}(${parameters.join(", ") || "void"})`;
    if (!takesMemory(callee)) return `${cType(callee.result)} ${this.callee(callee)}(${parameters.join(", ") || "void"})`;
    return `${cType(callee.result)} ${this.callee(callee)}(${parameters.length === 0 ? "MVMJS_TAKES_MEMORY_ONLY" : `MVMJS_TAKES_MEMORY ${parameters.join(", ")}`})`;
  }

  private function(callee: KernelFunction): string {
    this.lines = [];
    this.indent = "";
    this.labelNames = new Map();
    this.read = new Set();
    this.resultType = callee.result;
    this.touchesMemory = false;
    this.isThreaded = callee.threaded;
    const head = `${commentLines([callee.comment])}${this.prefix(callee)}${this.signature(callee)} {`;
    this.nested(() => {
      for (const parameter of callee.parameters) this.mention(parameter);
      const part = this.absent(callee);
      if (part === 0) this.statements(callee.body);
      else {
        this.line(`absent_kernel_part(${part});`);
        if (callee.result !== "void") this.line("return 0;");
      }
    });
    const lines = this.lines.filter(line => line.unread === undefined || !this.read.has(line.unread));
    if (this.touchesMemory && !takesMemory(callee)) lines.unshift({ text: "  MVMJS_MEMORY;" });
    const body = lines.map(line => line.text);
    if (this.packed.functions.has(callee)) {
      const stub = this.packed.stub(callee, callee.parameters.map(parameter => this.localNames.get(parameter)!));
      body.unshift("#ifdef MVMJS_PACKED", ...stub, "#else"), body.push("#endif");
    }
    if (callee.reference !== undefined) body.unshift("#ifdef MVMJS_COMPACT", this.insteadOf(callee), "#else"), body.push("#endif");
    return `${[head, ...body, "}"].join("\n")}\n${callee.hot && callee.exported ? this.forHosts(callee) : ""}`;
  }

  /** What only builds have that are not packed. */
  private ifReached(callee: KernelFunction, text: string): string {
    return this.packed.unreached.has(callee) ? `#ifndef MVMJS_PACKED\n${text}#endif\n` : text;
  }

  /** Calls the function that does the same as this one. */
  private insteadOf(callee: KernelFunction): string {
    const other = this.functions.find(each => each.name === callee.reference);
    const types = (each: KernelFunction): string => [each.result, ...each.parameters.map(({ type }) => type)].join();
    if (other === undefined || types(other) !== types(callee)) throw new DialectError(callee.node, `${callee.reference!} cannot stand for ${callee.name}: both are to have the same parameters and result.`);
    const values = callee.parameters.map(parameter => this.localNames.get(parameter)!);
    const call = `${this.callee(other)}(${takesMemory(other) ? withMemory(values) : values.join(", ")});`;
    return callee.result === "void" ? `  ${call}` : `  return ${call}`;
  }

  /** What is expanded in the kernel as a function that a host can call. */
  private forHosts(callee: KernelFunction): string {
    const head = `MVMJS_API ${this.signature(callee, true)} {\n`;
    const values = callee.parameters.map(parameter => this.localNames.get(parameter)!);
    const memory = takesMemory(callee);
    return `${head}${memory ? "  MVMJS_MEMORY;\n" : ""}  return ${this.callee(callee)}(${memory ? withMemory(values) : values.join(", ")});\n}\n`;
  }

  /** Tells the compiler that a variable may go unread; the line goes if what follows reads it. */
  private mention(local: Local): void {
    this.lines.push({ text: `${this.indent}(void)${this.localNames.get(local)!};`, unread: local });
  }

  private line(text: string): void {
    this.lines.push({ text: this.indent + text });
  }
  private nested(print: () => void): void {
    const { indent } = this;
    this.indent += "  ";
    print();
    this.indent = indent;
  }
  private comments(comments: readonly string[]): void {
    for (const line of commentLines(comments).split("\n")) if (line !== "") this.line(line);
  }

  private statements(statements: readonly Statement[]): void {
    statements.forEach((statement, i) => {
      if (statement.blankBefore && i > 0) this.lines.push({ text: "" });
      this.comments(statement.comments);
      this.statement(statement);
      if (statement.trailing !== "") this.remark(commentLines([statement.trailing]).trim());
    });
  }

  /** Puts a comment at the end of the last line. */
  private remark(comment: string): void {
    let i = this.lines.length - 1;
    while (this.lines[i]?.unread !== undefined) i--;
    if (i >= 0) this.lines[i] = { text: `${this.lines[i]!.text} ${comment}` };
  }

  private statement(statement: Statement): void {
    switch (statement.kind) {
      case "variables":
        for (const { local, value } of statement.list) {
          this.line(`${statement.constant ? "const " : ""}${this.variable({ local, value })};`);
          this.mention(local);
        }
        break;
      case "action": for (const text of this.action(statement.action)) this.line(`${text};`); break;
      case "block": this.braced("", statement.body); break;
      case "if": this.if(statement, ""); break;
      case "loop": this.loop(statement); break;
      case "switch": this.switch(statement); break;
      case "labelled":
        this.braced("", statement.body);
        this.end(statement.label, "break");
        break;
      case "break": case "continue":
        if (statement.label !== undefined) this.line(`goto ${this.jump(statement.label, statement.kind)};`);
        else this.line(statement.kind === "continue" && this.instructions !== undefined ? "NEXT_INSTRUCTION;" : `${statement.kind};`);
        break;
      case "return": this.return(statement.value); break;
      case "absent":
        if (statement.part !== 0) this.line(`absent_kernel_part(${statement.part});`);
        this.line(this.resultType === "void" ? "return;" : "return 0;");
        break;
      case "empty": break;
    }
  }

  private return(value: Expression | undefined): void {
    this.line(value === undefined ? "return;" : `return ${this.expressions.stored(value, this.resultType)};`);
  }

  private variable({ local, value }: Variable): string {
    const rep = localRep(local);
    const type = repType(rep);
    const initial = value === undefined ? zero(local.type)
      : rep === local.type ? this.expressions.stored(value, local.type)
      : this.expressions.exactAs(value, rep);
    return `${type} ${this.declare(local)} = ${initial}`;
  }

  private if(statement: Statement & { kind: "if" }, before: string): void {
    this.line(`${before}if (${this.expressions.condition(statement.condition)}) {`);
    this.nested(() => this.statements(statement.then));
    const { otherwise } = statement;
    if (otherwise === undefined) this.line("}");
    else if (otherwise.length === 1 && otherwise[0]!.kind === "if" && otherwise[0]!.comments.length === 0) this.if(otherwise[0] as Statement & { kind: "if" }, "} else ");
    else {
      this.line("} else {");
      this.nested(() => this.statements(otherwise));
      this.line("}");
    }
  }

  private loop(loop: Loop): void {
    const types = new Set(loop.variables.map(({ local }) => repType(localRep(local))));
    if (types.size > 1) {
      // C declares variables of one type in the header.
      this.line("{");
      this.nested(() => {
        for (const variable of loop.variables) this.line(`${this.variable(variable)};`);
        this.loopProper({ ...loop, variables: [] });
      });
      this.line("}");
    } else this.loopProper(loop);
    this.end(loop.label, "break");
  }

  private loopProper(loop: Loop): void {
    const first = loop.variables.length > 0
      ? loop.variables.map((each, i) => i === 0 ? this.variable(each) : this.variable(each).replace(/^\w+ /, "")).join(", ")
      : loop.first.flatMap(action => this.action(action)).join(", ");
    const condition = loop.condition === undefined ? "" : this.expressions.condition(loop.condition);
    const next = loop.next.flatMap(action => isSafeStep(action, loop) ? [`${this.localNames.get(action.targets[0].local)!}++`] : this.action(action)).join(", ");
    this.line(loop.form === "do" ? "do {" : loop.form === "while" ? `while (${condition}) {` : `for (${first};${space(condition)};${space(next)}) {`);
    const { instructions } = this;
    this.instructions = undefined;
    this.nested(() => {
      const threaded = this.threadedLoop(loop);
      if (threaded === undefined) this.statements(loop.body);
      else this.threaded(threaded);
      this.end(loop.label, "continue");
    });
    this.instructions = instructions;
    this.line(loop.form === "do" ? `} while (${condition});` : "}");
  }

  /** The parts of the loop of a function marked @threaded. */
  private threadedLoop(loop: Loop): ThreadedLoop | undefined {
    if (!this.isThreaded || loop.form !== "for" || loop.condition !== undefined) return undefined;
    const [end, count, fetch, instructions, ...after] = loop.body;
    if (end?.kind !== "if" || count?.kind !== "action" || fetch?.kind !== "variables" || instructions?.kind !== "switch") return undefined;
    const { local, value } = fetch.list[0]!;
    if (value === undefined || !within(value.range, { low: 0, high: PLACES - 1 })) return undefined;
    return { end, count, opcode: local, fetch: value, instructions, after };
  }

  /**
   * Where labels have addresses, every instruction jumps to the next by itself: processors foretell many such jumps
   * better than the one of a switch. Elsewhere NEXT_INSTRUCTION is `continue`.
   */
  private threaded({ end, count, opcode, fetch, instructions, after }: ThreadedLoop): void {
    this.statements([end, count]);
    this.line(`${this.variable({ local: opcode, value: fetch })};`);
    const name = this.localNames.get(opcode)!;
    const counted = this.action(count.action).join("; ");
    const places = new Array<string>(PLACES).fill("&&at_other");
    for (const label of instructions.clauses.flatMap(clause => clause.labels)) places[label.value as number] = `&&at_${this.expressions.label(label)}`;
    this.lines.push(...[
      "#if MVMJS_THREADED",
      `static const void *const places[${PLACES}] = {`, ...wrapped(places).trimEnd().split("\n"), "};",
      `#define NEXT_INSTRUCTION { if (${this.expressions.condition(end.condition)}) continue; ${counted}; goto *places[${this.expressions.exactAs(fetch, "i32")}]; }`,
      `goto *places[${name}];`,
      "#else", "#define NEXT_INSTRUCTION continue", "#endif",
    ].map(text => ({ text: text.startsWith("#") ? text : this.indent + text })));
    this.instructions = instructions.clauses;
    this.opcode = opcode;
    this.switch(instructions);
    this.instructions = undefined;
    this.lines.push(...["#if MVMJS_THREADED", `${this.indent}at_other:;`, "#endif", "#undef NEXT_INSTRUCTION"].map(text => ({ text })));
    this.statements(after);
  }

  private switch(statement: Statement & { kind: "switch" }): void {
    this.line(`switch (${this.expressions.subject(statement.subject, statement.clauses.flatMap(clause => clause.labels))}) {`);
    this.nested(() => { for (const clause of statement.clauses) this.clause(clause); });
    this.line("}");
    this.end(statement.label, "break");
  }

  private clause(clause: Clause): void {
    this.comments(clause.comments);
    if (this.instructions?.includes(clause) === true) {
      for (const label of clause.labels) this.instruction(this.expressions.label(label), clause);
      return;
    }
    const labels = clause.labels.map(label => `case ${this.expressions.label(label)}:`);
    if (clause.isDefault) labels.push("default:");
    const last = labels.pop()!;
    for (const label of labels) this.line(label);
    const [only] = clause.body;
    if (clause.body.length === 1 && only!.kind === "block" && only!.comments.length === 0) return this.braced(`${last} `, only!.body);
    if (clause.body.some(each => each.kind === "variables") || clause.body.length === 0) {
      if (clause.body.length > 0) return this.braced(`${last} `, clause.body);
      return this.line(`${last} break;`);
    }
    this.line(last);
    this.nested(() => this.statements(clause.body));
  }

  /** Each instruction has a body of its own, where the opcode is a constant. */
  private instruction(label: string, { body }: Clause): void {
    const opcode = this.opcode!;
    const [only] = body;
    const inner = body.length === 1 && only!.kind === "block" && only!.comments.length === 0 ? only!.body : body;
    this.line(`MVMJS_INSTRUCTION(${label}) {`);
    const at = this.lines.length;
    this.read.delete(opcode);
    this.nested(() => {
      this.statements(inner);
      if (this.read.has(opcode)) this.lines.splice(at, 0, { text: `${this.indent}const ${repType(localRep(opcode))} ${this.localNames.get(opcode)!} = ${label};` });
    });
    this.line("}");
  }

  private braced(before: string, body: readonly Statement[]): void {
    this.line(`${before}{`);
    this.nested(() => this.statements(body));
    this.line("}");
  }

  /** The C label that a labelled break or continue goes to. */
  private jump(label: Label, kind: "break" | "continue"): string {
    let name = this.labelNames.get(label);
    if (name === undefined) {
      const taken = [...this.labelNames.values()];
      name = label.name;
      for (let n = 2; taken.includes(name); n++) name = `${label.name}${n}`;
      this.labelNames.set(label, name);
    }
    return `${name}_${kind}`;
  }
  private end(label: Label | undefined, kind: "break" | "continue"): void {
    if (label !== undefined && (kind === "break" ? label.breaks : label.continues)) this.line(`${this.jump(label, kind)}:;`);
  }

  private action(action: Action): string[] {
    if (action.kind === "call") return [this.expressions.condition(action.call)];
    const { value } = action;
    const [first] = action.targets;
    if (first!.kind === "element") return [this.expressions.set(first!.array as View, first!.index, value)];
    const names = action.targets.map(target => target.kind === "local" ? this.localNames.get(target.local)! : this.state((target as typeof target & { kind: "state" }).state));
    const type = first!.kind === "local" ? first!.local.type : (first as typeof first & { kind: "state" }).state.type;
    return [`${names.join(" = ")} = ${this.expressions.stored(value, type)}`];
  }
}

/** Is the function expanded where it is called? */
function expanded(callee: KernelFunction): boolean {
  return callee.inline || callee.hot;
}

const GENERATED = "// Generated from vm/kernel by hosts/c/translate.ts. Do not edit.\n";

/** `i++` of a counter that nothing else changes and that is less than something: it cannot overflow. */
function isSafeStep(action: Action, loop: Loop): action is Action & { kind: "assign"; targets: readonly [Expression & { kind: "local" }] } {
  if (action.kind !== "assign" || action.operator !== "+" || action.operand.value !== 1) return false;
  const [target] = action.targets;
  const { condition } = loop;
  return target!.kind === "local" && target!.local.type === "i32" && target!.local.writes === 1
    && condition?.kind === "binary" && condition.operator === "<" && condition.left.kind === "local" && condition.left.local === target!.local;
}

function space(text: string): string {
  return text === "" ? "" : ` ${text}`;
}
function zero(type: Local["type"]): string {
  return type === "bool" ? "false" : type === "f64" ? "0.0" : "0";
}
function stateValue(state: State): string {
  return typeof state.initial === "boolean" ? String(state.initial) : literal(state.initial, state.type === "bool" || state.type === "void" ? "i32" : state.type).code;
}
function fileName(file: string): string {
  return file.replace(/^.*[\\/]/, "");
}
function upperCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase();
}

/** An array that the kernel owns, with its accessors. */
function arrayText(view: View): string {
  const types = view.element === "f64" ? "double, double" : view.range.high === 0xff ? "uint8_t, int32_t" : view.range.high === 0xffff ? "uint16_t, int32_t" : "int32_t, int32_t";
  return `${view.name === "S" ? "MVMJS_SCRATCH_ARRAY" : "MVMJS_ARRAY"}(${view.name}, ${types}, ${view.length})\n`;
}

/** Comments as C has them: without what C would read as the start of a comment, a trigraph or a continued line. */
function commentLines(comments: readonly string[]): string {
  return comments.filter(comment => comment !== "").flatMap(comment => comment.split("\n")).map(line => {
    const text = (/^\s*\*/.test(line) ? ` ${line.trim()}` : line.trim()).replaceAll("??", "? ?").replace(/\\$/, "\\.");
    const start = text.startsWith("/*") || text.startsWith("//") ? 2 : 0;
    return `${text.slice(0, start)}${text.slice(start).replaceAll("/*", "/ *")}\n`;
  }).join("");
}

function wrapped(values: readonly string[]): string {
  const lines: string[] = [];
  let line = " ";
  for (const value of values) {
    if (line.length + value.length > 110) {
      lines.push(line);
      line = " ";
    }
    line += ` ${value},`;
  }
  return `${[...lines, line].join("\n")}\n`;
}
