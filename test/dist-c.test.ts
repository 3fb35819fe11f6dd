// The distribution for those who embed the machine (`npm run dist:c`): it stands by itself, its names keep to themselves, its example
// runs here and on a board, an application has all of mvmjs.h to use, and the manifests beside it name what is there. Where a
// compiler, CMake or QEMU is absent, it is said what to install.

import test, { type ExecutionContext } from "ava";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { parse } from "yaml";
import { compile, Machine } from "../hosts/node/index.js";
import { root } from "./support/run-program.js";

const folder = mkdtempSync(`${tmpdir()}/mvm-dist-`);
const dist = `${folder}/mvmjs`;
test.after.always(() => rmSync(folder, { recursive: true }));

const WARNINGS = ["-Wall", "-Wextra", "-Wconversion", "-Werror"];
/** Milliseconds for one command. */
const PATIENCE = 200_000;
function run(command: string, ...list: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, list, { encoding: "utf8", cwd: folder, timeout: PATIENCE, maxBuffer: 1 << 24 });
  if (status !== 0) throw new Error(`${command} ${list.join(" ")}\n${error?.message ?? ""}${stderr}${stdout}`);
  return stdout;
}
/** Says what to install, where a command is absent: there nothing that it would have made may be there. */
function lacks(t: ExecutionContext, command: string, packages: string, made: string): boolean {
  if (spawnSync(command, ["--version"]).status === 0) return false;
  t.log(`not run: no ${command} (on Debian: apt-get install ${packages})`);
  t.false(existsSync(made));
  return true;
}
function distribute(profile: string, out: string): void {
  run(process.execPath, `${root}build/hosts/c/dist/distribute.js`, "--profile", profile, "--out", out);
}
/** What the example's program prints, on Node's host. */
async function expected(): Promise<string> {
  let printed = "";
  const machine = await Machine.create(compile(`${root}hosts/c/examples/app.js`), {
    output: (_, text) => { printed += text; },
    functions: { temperature: (second) => 20 + Number(second) / 4 },
  });
  await machine.finish();
  return `${printed}done: the program has ended\n`;
}
/** The machine as objects, as all that links here needs it. */
const objects = [`${folder}/mvmjs.o`, `${folder}/mvmjs_core.o`];

test.serial("the distribution is whole, and compiles by itself without a warning", (t) => {
  distribute("full", dist);
  for (const name of ["mvmjs.c", "mvmjs_core.c", "mvmjs.h"]) {
    const included = [...readFileSync(`${dist}/${name}`, "utf8").matchAll(/^#include "(.*)"/gm)].map(([, file]) => file);
    t.deepEqual(included, name === "mvmjs.c" ? ["mvmjs.h"] : []);
  }
  if (lacks(t, "gcc", "gcc libc6-dev", objects[0]!)) return;
  run("gcc", "-std=c99", "-O2", ...WARNINGS, "-c", `${dist}/mvmjs.c`, "-o", objects[0]!);
  run("gcc", "-std=c99", "-O2", ...WARNINGS, "-c", `${dist}/mvmjs_core.c`, "-o", objects[1]!);
  // The other ways to build it, which tests of the kernel compare.
  for (const way of ["-DMVMJS_PACKED", "-DMVMJS_FAST"]) run("gcc", "-std=c99", ...WARNINGS, way, "-fsyntax-only", `${dist}/mvmjs.c`);
  t.pass();
});

test.serial("it exports the functions of mvmjs.h and nothing without the prefix", (t) => {
  if (lacks(t, "nm", "binutils", objects[0]!)) return;
  const symbols = (object: string): string[] => run("nm", "-g", "--defined-only", object).trim().split("\n").map((line) => line.split(" ")[2]!);
  const header = readFileSync(`${dist}/mvmjs.h`, "utf8").replace(/\/\/.*|\/\*[^]*?\*\//g, "");
  const declared = [...new Set([...header.matchAll(/\b(mvmjs_\w+)\(/g)].map(([, name]) => name!))];
  t.true(declared.length > 30);
  const functions = run("nm", "-g", "--defined-only", objects[0]!).trim().split("\n").filter((line) => line.split(" ")[1] === "T").map((line) => line.split(" ")[2]!);
  t.deepEqual(functions.sort(), declared.sort());
  t.deepEqual([...symbols(objects[0]!), ...symbols(objects[1]!)].filter((name) => !name.startsWith("mvmjs_")), []);
});

test.serial("the example is the README's, and runs", async (t) => {
  const example = readFileSync(`${root}hosts/c/examples/embed.c`, "utf8");
  t.true(readFileSync(`${root}hosts/c/README.md`, "utf8").includes(`\`\`\`c\n${example}\`\`\`\n`), "hosts/c/README.md does not have hosts/c/examples/embed.c as it is");
  t.true(example.split("\n").length <= 45);
  if (lacks(t, "gcc", "gcc libc6-dev", `${folder}/embed`)) return;
  run("gcc", "-std=c99", ...WARNINGS, `-I${dist}`, `${dist}/examples/embed/embed.c`, ...objects, "-lm", "-o", "embed");
  t.is(run(`${folder}/embed`), await expected());
});

test.serial("the header is for C++ too: the sketch for Arduino runs over a stand-in for its library", async (t) => {
  if (lacks(t, "g++", "g++", `${folder}/sketch`)) return;
  writeFileSync(`${folder}/Arduino.h`, `#include <cstdint>
#include <cstdio>
#include <ctime>
struct SerialPort {
  void begin(long) {}
  void write(const uint8_t *bytes, size_t length) { fwrite(bytes, 1, length, stdout); }
  void println(const char *text) { puts(text); }
};
static SerialPort Serial;
static unsigned long micros() { return (unsigned long)clock(); }
`);
  writeFileSync(`${folder}/sketch.cpp`, `#include "Arduino.h"\n#include "${dist}/examples/Sketch/Sketch.ino"\nint main() {\n  setup();\n  while (last_stop != MVMJS_STOP_ENDED) loop();\n}\n`);
  run("g++", "-std=c++11", "-Wall", "-Wextra", "-Werror", "-I.", `-I${dist}`, "sketch.cpp", ...objects, "-lm", "-o", "sketch");
  t.is(run(`${folder}/sketch`), (await expected()).replace("done: ", ""));
});

const programs: Readonly<Record<string, { source: string; memory?: string }>> = {
  door: { source: `
    mvm.expose("add", (a, b) => a + b);
    mvm.expose("bad", () => { throw new Error("no"); });
    mvm.expose("slow", async (x) => { await new Promise((done) => setTimeout(done, 5)); return [x, null, [true, undefined, {}]]; });
    mvm.on("news", (data) => console.log("news", JSON.stringify(data)));
    mvm.on("end", (code) => process.exit(code));
    for (const signal of ["restored", "cloned", "moved"]) mvm.on(signal, () => console.log(signal));
    console.log(JSON.stringify(mvm.ask("ec" + "ho".repeat(1), "naïvely €", 1.5, true, [1, [2, "x"]], undefined, null)));
    for (const name of ["nothing", "throws"]) try { mvm.ask(name); } catch (error) { console.log(error.code, error.message); }
    mvm.call("later", 7).then((value) => console.log("later", value));
    mvm.call("nothing").catch((error) => console.log(error.message));
    mvm.call("throws").catch((error) => console.log(error.message));
    console.log("patient", mvm.ask("patient"));` },
  hungry: { source: "const list = []; for (;;) list.push({ list });" },
  wrong: { source: "throw new Error('nobody catches this');" },
  dice: { source: "console.log('before'); crypto.getRandomValues(new Uint8Array(4)); console.log('after');" },
  large: { source: "console.log(1);", memory: "32K" },
};
const said = `refused: the image is cut short: the bytes end in the middle of a value; take the image again from where it came from
refused: the program needs a memory of 32768 bytes, this host allows [0-9]+; start the program with a smaller --memory
stopped: there is no program
limit 16384
['naïvel' of 12, 1.5, true, [1, [2, 'x' of 1]], undefined, other]
answered: done; again: called where that makes no sense
["grüß 😀",[-0.5,true],null]
absent this host has no function 'nothing'
later not today
asking
asking
patient 3
this host has no function 'nothing'
not today
waits for ever: 1
later at last
result 4 is 42
result 5 failed: 'Error: ' of 9
result 6 failed: 'Error: ' of 47
news [40,2]
stopped: the program waits
stopped: the program waits
wakes in 5000 us
the second one, whose time has passed:
restored
cloned
result 8 is [40, other, [true, undefined, other]]
stopped: the program waits
the first one, whose clock stood:
stopped: the program waits
result 8 is [40, other, [true, undefined, other]]
stopped: the program waits
stopped: the program has ended
exit code 3, threw: 0
equal: 1
at last: there is no room within the program's memory limit
stopped: the program needs more than its memory
Error: nobody catches this
    at undefined:0:0
stopped: the program has ended
exit code 1, threw: 1
before
stopped: the program has reached what is absent here
lacks random
`;
test.serial("an application does all that the header offers, under sanitizers, with names of its own that begin with mvm_", (t) => {
  if (lacks(t, "gcc", "gcc libc6-dev", `${folder}/application`)) return;
  for (const [name, { source, memory }] of Object.entries(programs)) {
    writeFileSync(`${folder}/${name}.mjs`, source);
    run(process.execPath, `${root}build/hosts/node/mvm.js`, "build", `${name}.mjs`, "--memory", memory ?? "16K", "--no-debug", "--c", "-o", `${name}.h`);
  }
  writeFileSync(`${folder}/programs.h`, Object.keys(programs).map((name) => `#include "${name}.h"\n`).join(""));
  const sanitized = ["-g", "-O0", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
  run("gcc", "-std=c99", ...WARNINGS, ...sanitized, `-I${dist}`, "-I.", `${root}test/c/embedding.c`, `${dist}/mvmjs.c`, `${dist}/mvmjs_core.c`, "-lm", "-o", "application");
  t.is(run(`${folder}/application`).replace(/(this host allows )\d+/, "$1[0-9]+"), said);
});

test.serial("the example runs on a Cortex-M3, small profile, packed", async (t) => {
  const elf = `${folder}/board.elf`;
  if (lacks(t, "arm-none-eabi-gcc", "gcc-arm-none-eabi libnewlib-arm-none-eabi", elf) || lacks(t, "qemu-system-arm", "qemu-system-arm", elf)) return;
  const small = `${folder}/small`, ports = `${root}hosts/c/ports`;
  distribute("small", small);
  const flags = ["-mcpu=cortex-m3", "-mthumb", "--specs=nano.specs", "-std=c99", "-Os", "-ffunction-sections", "-fdata-sections", ...WARNINGS, "-DMVMJS_PACKED", `-I${small}`, `-I${ports}`];
  const sources = [`${small}/mvmjs.c`, `${small}/mvmjs_core.c`, `${small}/examples/embed/embed.c`, `${root}hosts/c/examples/board.c`, ...["lm3s6965evb", "cortex-m", "stack", "noise"].map((name) => `${ports}/${name}.c`)];
  const built = sources.map((source, index) => {
    run("arm-none-eabi-gcc", ...flags, ...(index < 4 ? [] : ["-ffreestanding"]), "-c", source, "-o", `arm${index}.o`);
    return `arm${index}.o`;
  });
  const symbols = [0, 1].flatMap((index) => run("arm-none-eabi-nm", "-g", "--defined-only", `arm${index}.o`).trim().split("\n")).map((line) => line.split(" ")[2]!);
  t.deepEqual(symbols.filter((name) => !name.startsWith("mvmjs_")), []);
  // What is left of the C library's input and output that a board has no use for comes from nosys.
  run("arm-none-eabi-gcc", ...flags, "--specs=nosys.specs", "-nostartfiles", "-Wl,--gc-sections", "-Wl,--no-warn-rwx-segments", "-Wl,--defsym=MVMJS_STACK_BYTES=4096", `-L${ports}`, "-T", "lm3s6965evb.ld", ...built, "-lm", "-o", elf);
  t.log(run("arm-none-eabi-size", elf).trim());
  const printed = await new Promise<string>((resolve, reject) => {
    const child = spawn("qemu-system-arm", ["-M", "lm3s6965evb", "-nographic", "-monitor", "none", "-serial", "stdio", "-kernel", elf], { stdio: ["ignore", "pipe", "ignore"] });
    let text = "";
    const timer = setTimeout(() => { child.kill(); reject(new Error(`the board has not ended; it printed:\n${text}`)); }, 60_000);
    child.on("error", reject);
    child.stdout.on("data", (bytes: Buffer) => {
      text += bytes.toString().replaceAll("\r", "");
      if (!text.includes("mvm: the example is over")) return;
      clearTimeout(timer);
      child.kill();
      resolve(text.slice(0, text.indexOf("mvm: the example is over")));
    });
  });
  t.is(printed, await expected());
});

test.serial("CMake: a subdirectory; and as ESP-IDF and Zephyr would have it, over stand-ins for their functions", async (t) => {
  if (lacks(t, "cmake", "cmake", `${folder}/cmake/build/example`)) return;
  const project = (name: string, lists: string, ...options: string[]): string => {
    mkdirSync(`${folder}/${name}`);
    writeFileSync(`${folder}/${name}/CMakeLists.txt`, `cmake_minimum_required(VERSION 3.13)\nproject(${name} C)\n${lists}`);
    run("cmake", "-S", name, "-B", `${name}/build`, ...options);
    run("cmake", "--build", `${name}/build`);
    return `${folder}/${name}/build/example`;
  };
  const example = `add_executable(example ${dist}/examples/embed/embed.c)\n`;
  const subdirectory = project("cmake", `add_subdirectory(${dist} mvmjs)\n${example}target_link_libraries(example PRIVATE mvmjs::mvmjs)\n`, "-DMVMJS_BUILD=packed");
  t.is(run(subdirectory), await expected());
  const espressif = project("espressif", `set(ESP_PLATFORM 1)
macro(idf_component_register)
  cmake_parse_arguments(COMPONENT "" "" "SRCS;INCLUDE_DIRS" \${ARGN})
  set(COMPONENT_LIB __idf_mvmjs)
  add_library(\${COMPONENT_LIB} STATIC \${COMPONENT_SRCS})
  target_include_directories(\${COMPONENT_LIB} PUBLIC \${CMAKE_CURRENT_LIST_DIR}/\${COMPONENT_INCLUDE_DIRS})
endmacro()
add_subdirectory(${dist} mvmjs)
${example}target_link_libraries(example PRIVATE __idf_mvmjs m)
`);
  t.is(run(espressif), await expected());
  const zephyr = project("zephyr", `set(CONFIG_MVMJS y)
add_library(zephyr_interface INTERFACE)
macro(zephyr_library_named name)
  set(ZEPHYR_CURRENT_LIBRARY \${name})
  add_library(\${name} STATIC)
  target_link_libraries(\${name} PUBLIC zephyr_interface)
endmacro()
macro(zephyr_library_sources)
  target_sources(\${ZEPHYR_CURRENT_LIBRARY} PRIVATE \${ARGN})
endmacro()
macro(zephyr_library_compile_options)
  target_compile_options(\${ZEPHYR_CURRENT_LIBRARY} PRIVATE \${ARGN})
endmacro()
macro(zephyr_library_compile_definitions)
  target_compile_definitions(\${ZEPHYR_CURRENT_LIBRARY} PRIVATE \${ARGN})
endmacro()
macro(zephyr_include_directories)
  target_include_directories(zephyr_interface INTERFACE \${ARGN})
endmacro()
macro(zephyr_compile_definitions_ifdef test)
  if(\${test})
    target_compile_definitions(zephyr_interface INTERFACE \${ARGN})
  endif()
endmacro()
add_subdirectory(${dist}/${(parse(readFileSync(`${dist}/zephyr/module.yml`, "utf8")) as { build: { cmake: string } }).build.cmake} mvmjs)
${example}target_link_libraries(example PRIVATE mvmjs m)
`);
  t.is(run(zephyr), await expected());
});

test.serial("the manifests are what their formats want, and name files that are there", (t) => {
  const read = (name: string): string => readFileSync(`${dist}/${name}`, "utf8");
  const { version } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as { version: string };
  const library = JSON.parse(read("library.json")) as { name: string; version: string; headers: string; build: { srcFilter: string[]; flags: string[] }; examples: { base: string; files: string[] }[] };
  const named = [library.headers, ...library.build.srcFilter.map((filter) => /^\+<(.*)>$/.exec(filter)![1]!), ...library.examples.flatMap(({ base, files }) => files.map((file) => `${base}/${file}`))];
  t.true(named.length > 5);
  t.deepEqual(named.filter((name) => !existsSync(`${dist}/${name}`)), []);
  t.is(library.version, version);
  const properties = Object.fromEntries(read("library.properties").trim().split("\n").map((line) => line.split(/=(.*)/s).slice(0, 2))) as Record<string, string>;
  t.deepEqual(Object.keys(properties), ["name", "version", "author", "maintainer", "sentence", "paragraph", "category", "url", "architectures", "includes"]);
  t.is(properties["version"], version);
  t.true(existsSync(`${dist}/${properties["includes"]!}`));
  const component = parse(read("idf_component.yml")) as { version: string; dependencies: { idf: string } };
  t.is(component.version, version);
  const module = parse(read("zephyr/module.yml")) as { build: { cmake: string; kconfig: string } };
  t.true(existsSync(`${dist}/${module.build.cmake}/CMakeLists.txt`) && existsSync(`${dist}/${module.build.kconfig}`));
  // The symbols that Zephyr's CMake file asks about are those that Kconfig has.
  const known = new Set([...read("zephyr/Kconfig").matchAll(/^(?:menu)?config (\w+)/gm)].map(([, name]) => `CONFIG_${name!}`));
  t.deepEqual([...read("zephyr/CMakeLists.txt").matchAll(/CONFIG_\w+/g)].map(([name]) => name).filter((name) => !known.has(name)), []);
  // Flags that PlatformIO passes.
  if (!lacks(t, "gcc", "gcc libc6-dev", objects[0]!)) run("gcc", "-std=gnu11", ...library.build.flags, "-fsyntax-only", `${dist}/mvmjs.c`, `${dist}/mvmjs_core.c`);
});
