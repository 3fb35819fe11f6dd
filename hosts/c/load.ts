// Reads a kernel folder: its files in dependency order, what each declares at its top, and the constants it takes
// from vm/format (by importing the compiled modules and reading their values). The bodies of functions are left to
// statements.ts. A file's syntax tree is all that is used here, no TypeScript type information: `tsc` has checked
// the types, and the dialect's own are read from the annotations.

import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";
import { ConstantChecker } from "./expressions.js";
import {
  DialectError, I32_RANGE,
  type Constant, type Entity, type KernelFile, type KernelFunction, type Local, type Program, type Range, type State,
  type Table, type TableObject, type Type, type View,
} from "./program.js";

/** The repository, as seen from build/hosts/c. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");

const TYPES: readonly string[] = ["i32", "u32", "f64", "bool"];
/** Views over the one memory: a store through one changes what the others read. */
const MEMORY_VIEWS: readonly string[] = ["M", "B", "H", "F"];
/** Arrays beside it that a host supplies; prelude.h knows them by name. */
const HOST_VIEWS: readonly string[] = ["C", "K"];
/** The double taken apart: each use writes before it reads, so that it is no state, but only in the file that owns it. */
const DOUBLE_VIEWS: readonly string[] = ["D", "DW"];
const ELEMENTS: ReadonlyMap<string, { element: "i32" | "f64"; range: Range }> = new Map([
  ["Int32Array", { element: "i32", range: I32_RANGE }],
  ["Uint8Array", { element: "i32", range: { low: 0, high: 0xff } }],
  ["Uint16Array", { element: "i32", range: { low: 0, high: 0xffff } }],
  ["Float64Array", { element: "f64", range: I32_RANGE }],
]);

/** The dialect's type that an annotation names. */
export function typeOf(annotation: ts.TypeNode | undefined, node: ts.Node): Type {
  if (annotation?.kind === ts.SyntaxKind.VoidKeyword) return "void";
  const name = annotation?.getText();
  if (name === undefined || !TYPES.includes(name)) throw new DialectError(annotation ?? node, "Annotate it with i32, u32, f64 or bool.");
  return name as Type;
}

/** The comments that stand before a node, as written. */
export function commentsBefore(node: ts.Node): string[] {
  const text = node.getSourceFile().text;
  return (ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []).map(range => text.slice(range.pos, range.end));
}

export async function loadProgram(folder: string): Promise<Program> {
  const loader = new Loader(folder);
  await loader.read();
  return loader.link();
}

class Loader {
  private readonly files = new Map<string, KernelFile>();
  private readonly ordered: KernelFile[] = [];
  private readonly imported = new Map<string, Constant | Table | TableObject>();
  private readonly declared = new Map<string, Entity>();
  private readonly resources: string[] = ["memory"];
  private readonly errors: DialectError[] = [];
  private readonly modules = new Map<string, Record<string, unknown>>();

  constructor(private readonly folder: string) {}

  /** Parses every file and sorts them so that each comes after those it imports (as far as cycles allow). */
  async read(): Promise<void> {
    const names = fs.readdirSync(this.folder).filter(name => name.endsWith(".ts") && !name.endsWith(".d.ts")).sort();
    for (const name of names) {
      const file = path.resolve(this.folder, name);
      const source = ts.createSourceFile(file, fs.readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
      const comment = openingComment(source);
      this.files.set(file, { source, comment, declarations: [], scope: new Map(), exports: new Set(), missing: new Set() });
    }
    const visited = new Set<string>();
    const visit = async (name: string): Promise<void> => {
      const file = this.files.get(name);
      if (file === undefined || visited.has(name)) return;
      visited.add(name);
      for (const { specifier, node } of imports(file.source)) {
        const target = path.resolve(this.folder, specifier.replace(/\.js$/, ".ts"));
        if (this.files.has(target)) await visit(target);
        else await this.importTables(specifier, node);
      }
      this.ordered.push(file);
    };
    for (const name of this.files.keys()) await visit(name);
  }

  private async importTables(specifier: string, node: ts.Node): Promise<void> {
    if (this.modules.has(specifier)) return;
    const direct = path.resolve(this.folder, specifier);
    const compiled = fs.existsSync(direct) ? direct : path.join(ROOT, "build", path.relative(ROOT, direct));
    if (!fs.existsSync(compiled)) {
      this.errors.push(new DialectError(node, `There is no ${specifier}, and no ${path.relative("", compiled)} to read constants from (run tsc -b).`));
      return;
    }
    this.modules.set(specifier, await import(pathToFileURL(compiled).href) as Record<string, unknown>);
  }

  /** Declares what each file holds and gives it its imports. */
  link(): Program {
    for (const file of this.ordered) {
      this.linkImports(file, false);
      for (const statement of file.source.statements) this.guard(() => { this.declare(file, statement); });
    }
    for (const file of this.ordered) this.linkImports(file, true);
    const { imported, resources, errors } = this;
    return { files: this.ordered, names: new Set(this.declared.keys()), imported, resources, errors };
  }

  /** Notes a refusal and goes on behind it, so that one run shows them all. */
  private guard(check: () => void): void {
    try {
      check();
    } catch (error) {
      if (!(error instanceof DialectError)) throw error;
      this.errors.push(error);
    }
  }

  /** Names imported from files that come later (a cycle) are found the second time, when `all` must be there. */
  private linkImports(file: KernelFile, all: boolean): void {
    for (const { specifier, node } of imports(file.source)) {
      if (!ts.isImportDeclaration(node)) continue;
      const bindings = node.importClause?.namedBindings;
      if (bindings === undefined || !ts.isNamedImports(bindings) || node.importClause?.name !== undefined) throw new DialectError(node, "Import names, not a whole module.");
      const owner = this.files.get(path.resolve(this.folder, specifier.replace(/\.js$/, ".ts")));
      for (const element of bindings.elements) {
        if (element.isTypeOnly) continue;
        if (element.propertyName !== undefined) throw new DialectError(element, "A kernel name keeps its name: import it without `as`.");
        const name = element.name.text;
        const entity = owner === undefined ? this.importedEntity(specifier, element) : owner.exports.has(name) ? owner.scope.get(name) : undefined;
        if (entity !== undefined) file.scope.set(name, entity);
        else if (all) {
          file.missing.add(name);
          if (owner !== undefined || this.modules.has(specifier)) this.errors.push(new DialectError(element, `${specifier} has no value named ${name}.`));
        }
      }
    }
  }

  private importedEntity(specifier: string, element: ts.ImportSpecifier): Entity | undefined {
    const name = element.name.text;
    const module = this.modules.get(specifier);
    if (module === undefined) return undefined;
    const value = module[name];
    const known = this.imported.get(name);
    if (known !== undefined) return known;
    const entity = entityOf(name, value);
    if (entity === undefined) throw new DialectError(element, `${name} of ${specifier} is not a number, a table of numbers or an array of numbers.`);
    this.imported.set(name, entity);
    return entity;
  }

  private declare(file: KernelFile, statement: ts.Statement): void {
    if (ts.isImportDeclaration(statement) || ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) return;
    const comment = documentation(statement, file);
    if (ts.isExportDeclaration(statement)) this.declareExports(file, statement);
    else if (isHost(comment)) this.declareHost(file, statement);
    else if (ts.isFunctionDeclaration(statement)) this.declareFunction(file, statement, comment);
    else if (ts.isVariableStatement(statement)) {
      for (const declaration of statement.declarationList.declarations) this.guard(() => { this.declareVariable(file, statement, declaration, comment); });
    } else throw new DialectError(statement, "At the top of a kernel file stand only imports, constants, state and functions.");
  }

  private declareExports(file: KernelFile, statement: ts.ExportDeclaration): void {
    if (statement.isTypeOnly) return;
    if (statement.moduleSpecifier !== undefined) {
      const specifier = (statement.moduleSpecifier as ts.StringLiteral).text;
      if (!this.files.has(path.resolve(this.folder, specifier.replace(/\.js$/, ".ts")))) throw new DialectError(statement, "Only kernel files can be exported again.");
      return;
    }
    if (statement.exportClause !== undefined && ts.isNamedExports(statement.exportClause)) {
      for (const element of statement.exportClause.elements) {
        if (element.propertyName !== undefined) throw new DialectError(element, "A kernel name keeps its name: export it without `as`.");
        file.exports.add(element.name.text);
      }
    }
  }

  /** What only hosts in TypeScript use: its names are known, so that they stay unique, and nothing else. */
  private declareHost(file: KernelFile, statement: ts.Statement): void {
    if (ts.isFunctionDeclaration(statement)) {
      const name = statement.name?.text ?? "";
      const entity: KernelFunction = {
        kind: "function", name, node: statement, file: file.source, exported: isExported(statement), inline: false, hot: false, threaded: false, reference: undefined, native: false, loop: false, host: true,
        parameters: [], result: "void", comment: "", status: "checked", body: [], reads: 0n, writes: 0n, resultRange: undefined,
      };
      this.add(file, statement, entity, statement.name ?? statement);
    } else file.declarations.push({ kind: "verbatim", node: statement });
  }

  private declareFunction(file: KernelFile, node: ts.FunctionDeclaration, comment: string): void {
    if (node.name === undefined || node.body === undefined || node.asteriskToken !== undefined || node.typeParameters !== undefined) {
      throw new DialectError(node, "A kernel function has a name and a body and is neither generic, overloaded nor a generator.");
    }
    if (node.modifiers?.some(modifier => modifier.kind !== ts.SyntaxKind.ExportKeyword) === true) throw new DialectError(node, "A kernel function has no modifier but export.");
    const parameters = node.parameters.map((parameter): Local => {
      if (!ts.isIdentifier(parameter.name) || parameter.initializer !== undefined || parameter.dotDotDotToken !== undefined || parameter.questionToken !== undefined) {
        throw new DialectError(parameter, "A parameter is a name and a type: no default, rest, optional or destructured parameters.");
      }
      const type = typeOf(parameter.type, parameter);
      return newLocal(parameter.name.text, type, { parameter: true, constant: false });
    });
    this.add(file, node, {
      kind: "function", name: node.name.text, node, file: file.source, exported: isExported(node),
      inline: hasTag(comment, "inline"), hot: hasTag(comment, "hot"), threaded: hasTag(comment, "threaded"), reference: /(?:^|[\s*])@reference (\w+)/.exec(comment)?.[1],
      native: hasTag(comment, "native"), loop: hasTag(comment, "loop") || node.name.text === "run", host: false,
      parameters, result: typeOf(node.type, node.name), comment,
      status: "unchecked", body: [], reads: 0n, writes: 0n, resultRange: undefined,
    }, node.name);
  }

  private declareVariable(file: KernelFile, statement: ts.VariableStatement, node: ts.VariableDeclaration, comment: string): void {
    if (!ts.isIdentifier(node.name) || node.initializer === undefined) throw new DialectError(node, "A constant or state variable is a name with an initial value.");
    const name = node.name.text;
    const exported = isExported(statement);
    if (exported) file.exports.add(name);
    const annotation = node.type?.getText() ?? "";
    const constant = (statement.declarationList.flags & ts.NodeFlags.Const) !== 0;
    if (ELEMENTS.has(annotation)) {
      this.add(file, statement, this.view(file, node, name, comment), node.name);
    } else if (annotation.endsWith("[]")) {
      if (!constant) throw new DialectError(node, "An array is a constant table: declare it with const.");
      this.add(file, statement, this.table(file, node, name, exported, comment), node.name);
    } else if (constant) {
      const { type, value } = new ConstantChecker(file.scope).constant(node.initializer, node.type && typeOf(node.type, node));
      this.add(file, statement, { kind: "constant", name, table: "", type, value, exported, comment }, node.name);
    } else {
      const type = typeOf(node.type, node);
      const { value } = new ConstantChecker(file.scope).constant(node.initializer, type);
      const state: State = { kind: "state", name, type, initial: value, exported, file: file.source, resource: this.resource(name), comment };
      this.add(file, statement, state, node.name);
    }
  }

  private view(file: KernelFile, node: ts.VariableDeclaration, name: string, comment: string): View {
    const { element, range } = ELEMENTS.get(node.type?.getText() ?? "")!;
    const made = node.initializer as ts.Expression;
    const argument = ts.isNewExpression(made) ? made.arguments?.[0] : undefined;
    const base = { kind: "view" as const, name, element, range, file: file.source, comment };
    if (DOUBLE_VIEWS.includes(name)) return { ...base, resource: 0n, length: undefined };
    const { value } = argument === undefined ? { value: undefined } : new ConstantChecker(file.scope).constant(argument, "i32");
    if (typeof value !== "number") throw new DialectError(node, "A view is made with its constant length: new Int32Array(4096), or 0 if a host supplies it.");
    if (MEMORY_VIEWS.includes(name)) return { ...base, resource: 1n, length: undefined };
    if (HOST_VIEWS.includes(name)) return { ...base, resource: this.resource(name), length: undefined };
    if (value === 0) throw new DialectError(node, `A host cannot supply ${name}: hosts/c/prelude.h knows only ${[...MEMORY_VIEWS, ...HOST_VIEWS].join(", ")}.`);
    return { ...base, resource: this.resource(name), length: value };
  }

  private table(file: KernelFile, node: ts.VariableDeclaration, name: string, exported: boolean, comment: string): Table {
    const element = typeOf((node.type as ts.ArrayTypeNode).elementType, node);
    if (node.initializer === undefined || !ts.isArrayLiteralExpression(node.initializer)) throw new DialectError(node, "A constant table is written out: [ … ].");
    const checker = new ConstantChecker(file.scope);
    const values = node.initializer.elements.map(item => checker.constant(item, element).value as number);
    return { kind: "table", name, element, values, exported, imported: false, comment };
  }

  private resource(name: string): bigint {
    this.resources.push(name);
    return 1n << BigInt(this.resources.length - 1);
  }

  private add(file: KernelFile, node: ts.Node, entity: Exclude<Entity, TableObject>, at: ts.Node): void {
    const name = entity.name;
    const taken = this.declared.has(name) || file.scope.has(name);
    file.scope.set(name, entity);
    if (taken) throw new DialectError(at, `The name ${name} is taken: names are unique across the kernel.`);
    this.declared.set(name, entity);
    if (entity.kind === "function" && entity.exported) file.exports.add(name);
    file.declarations.push({ kind: "entity", entity, node });
  }
}

/** A local whose values are all those of its type. */
export function newLocal(name: string, type: Type, flags: { parameter: boolean; constant: boolean }): Local {
  const range = type === "u32" ? { low: 0, high: 0xffffffff } : I32_RANGE;
  return { name, type, ...flags, kind: type === "i32" || type === "u32" ? "int" : type, range, reads: 0, writes: 0 };
}

function* imports(source: ts.SourceFile): Generator<{ specifier: string; node: ts.Statement }> {
  for (const node of source.statements) {
    if (ts.isImportDeclaration(node) && node.importClause?.isTypeOnly !== true
      || ts.isExportDeclaration(node) && !node.isTypeOnly && node.moduleSpecifier !== undefined) {
      yield { specifier: (node.moduleSpecifier as ts.StringLiteral).text, node };
    }
  }
}

/** The comment that opens a file, if something other than a declaration with that comment follows. */
function openingComment(source: ts.SourceFile): string {
  const first = source.statements[0];
  if (first === undefined) return "";
  const ranges = ts.getLeadingCommentRanges(source.text, 0) ?? [];
  const end = ranges.findIndex((range, i) => /\n\s*\n/.test(source.text.slice(range.end, ranges[i + 1]?.pos ?? first.getStart(source))));
  const count = end >= 0 ? end + 1 : ts.isImportDeclaration(first) ? ranges.length : 0;
  return ranges.slice(0, count).map(range => source.text.slice(range.pos, range.end)).join("\n");
}

/** The comments before a declaration, without the file's own. */
function documentation(node: ts.Statement, file: KernelFile): string {
  const all = commentsBefore(node).join("\n");
  return node === file.source.statements[0] && all.startsWith(file.comment) ? all.slice(file.comment.length).trimStart() : all;
}

function isHost(comment: string): boolean {
  return hasTag(comment, "host");
}
function hasTag(comment: string, tag: string): boolean {
  return new RegExp(`(^|[\\s*])@${tag}\\b`).test(comment);
}
function isExported(node: ts.Statement): boolean {
  return ts.canHaveModifiers(node) && node.modifiers?.some(modifier => modifier.kind === ts.SyntaxKind.ExportKeyword) === true;
}

/** What an export of vm/format is to the kernel. */
function entityOf(name: string, value: unknown): Constant | Table | TableObject | undefined {
  if (typeof value === "number") return numberConstant(name, "", value);
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    const values = Array.from(value as ArrayLike<unknown>);
    if (!values.every((item): item is number => typeof item === "number")) return undefined;
    const element = values.every(item => Number.isInteger(item) && item === (item | 0)) ? "i32" : "f64";
    return { kind: "table", name, element, values, exported: false, imported: true, comment: "" };
  }
  if (typeof value !== "object" || value === null) return undefined;
  const members = Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === "number" && /^\w+$/.test(entry[0]));
  return { kind: "object", name, members: new Map(members.map(([member, number]) => [member, numberConstant(member, name, number)])) };
}
function numberConstant(name: string, table: string, value: number): Constant {
  const type = Number.isSafeInteger(value) && !Object.is(value, -0) ? "int" : "f64";
  return { kind: "constant", name, table, type, value, exported: false, comment: "" };
}
