// Bad use: whatever a person or a peer does wrong gives one line that says what to do, the documented exit code, and
// costs no program.

import test from "ava";
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect, createServer as createTcpServer, type AddressInfo } from "node:net";
import { User, type Finished } from "./cli-support.js";

function closed(t: { teardown(fn: () => void): void }, user = new User()): User {
  t.teardown(() => user.close());
  return user;
}

test.serial("each mistake: its exit code and one line", async (t) => {
  const user = closed(t);
  user.file("ok.js", "console.log(1);");
  user.file("syntax.js", "let a = 1;\nlet b = = 2;");
  user.file("enum.ts", "enum A { x }");
  user.file("import.js", "import x from './nowhere.js';");
  user.file("builtin.js", "import fs from 'node:fs';");
  user.file("text.txt", "hello");
  user.file("noise.mvm", "this is not an image");
  user.file("locked.js", "1");
  await user.mvm("build", "ok.js");
  const image = readFileSync(user.path("ok.mvm"));
  user.file("short.mvm", image.subarray(0, image.length / 2));
  user.file("empty.mvm", "");
  // HEAD begins: map, 0, "mvm", 1, format, 2, abi (five bytes).
  const format = Uint8Array.from(image);
  const at = image.indexOf("mvm") + 3;
  format[at + 1] = 9;
  user.file("format.mvm", format);
  const abi = Uint8Array.from(image);
  abi[at + 5] ^= 1;
  user.file("abi.mvm", abi);
  const damaged = Uint8Array.from(image);
  damaged[image.length >> 1] ^= 1;
  user.file("damaged.mvm", damaged);
  const cases: [list: string[], code: number, stderr: RegExp][] = [
    [["run", "nowhere.js"], 3, /cannot read nowhere\.js: there is no such file; check the path/],
    [["run", "."], 3, /cannot read \.: it is a directory; name a file/],
    [["run", "nowhere.mvm"], 3, /cannot read nowhere\.mvm: there is no such file/],
    [["run", "text.txt"], 3, /text\.txt is neither a program nor an image; give a \.js, \.mjs, \.cjs, \.ts or \.mvm file/],
    [["run", "syntax.js"], 3, /syntax\.js:2:9: Unexpected token '.*'; correct the source/],
    [["run", "enum.ts"], 3, /enum\.ts: .*enum.*only types that can be cut out are understood/],
    [["run", "import.js"], 3, /import\.js:1:15: cannot find module '\.\/nowhere\.js'/],
    [["run", "builtin.js"], 3, /builtin\.js:1:\d+: .*node:fs/],
    [["run", "noise.mvm"], 3, /noise\.mvm: this is not an image of mvm; give a file that mvm build or mvm snapshot has written/],
    [["run", "short.mvm"], 3, /short\.mvm: the image is cut short: .*; take the image again/],
    [["run", "empty.mvm"], 3, /empty\.mvm: /],
    [["run", "format.mvm"], 3, /format\.mvm: the image has format 9, this mvm reads format 1; use the version/],
    [["run", "abi.mvm"], 3, /abi\.mvm: the image was made for abi [0-9a-f]{8}, this mvm has [0-9a-f]{8}; use the version/],
    [["run", "damaged.mvm"], 3, /damaged\.mvm: .*; take the image again/],
    [["inspect", "short.mvm"], 3, /short\.mvm: the image is cut short/],
    [["run"], 2, /missing required argument 'file'; see `mvm --help`/],
    [["run", "ok.js", "--fast"], 2, /unknown option '--fast'/],
    [["run", "ok.js", "--io", "pins"], 2, /.pins. is invalid.*mock, none/],
    [["run", "ok.js", "--memory", "much"], 2, /'much' is invalid.*from 2K to 2G/],
    [["run", "ok.js", "--fuel", "-1"], 2, /'-1' is invalid.*whole number|argument missing/],
    [["rnu", "ok.js"], 2, /unknown command 'rnu'.*Did you mean run/],
    [["build", "ok.js", "-o", "nowhere/ok.mvm"], 3, /cannot write nowhere\/ok\.mvm: its directory does not exist; make it/],
    [["build", "ok.js", "-o", "."], 3, /cannot write \.: /],
    [["build", "ok.js", "-o", "/dev/full"], 3, /cannot write \/dev\/full: no space is left on the device; free some/],
    [["disassemble", "syntax.js"], 3, /syntax\.js:2:9/],
    [["pause", "nothing"], 7, /no program 'nothing' runs here; `mvm ps` lists those that do/],
    [["migrate", "--to", "127.0.0.1:1"], 7, /no program runs here/],
    [["migrate"], 2, /required option '--to <host:port>' not specified/],
    [["migrate", "--to", "a:b:c"], 2, /'a:b:c' is no address; give host:port/],
    [["recover", "nothing", "--force"], 7, /no program 'nothing'/],
    [["serve", "--listen", "1.2.3.4:7070"], 4, /cannot listen at 1\.2\.3\.4:7070: this machine has no such address; choose one/],
    [["key", "import", "short"], 2, /that is not a key; give the 64 hexadecimal digits that `mvm key show` prints there/],
    [["key", "import", "a".repeat(64), "--scopes", "everything"], 2, /there is no scope 'everything'; scopes are receive, control, observe, inspect/],
    [["ps", "--at", "127.0.0.1:1"], 4, /nobody listens at 127\.0\.0\.1:1; start `mvm serve --listen 127\.0\.0\.1:1` there/],
    [["ps", "--at", "nowhere.invalid:7070"], 4, /nowhere\.invalid:7070/],
  ];
  for (const [list, code, stderr] of cases) {
    const result: Finished = await user.mvm(...list);
    t.is(result.code, code, `mvm ${list.join(" ")}: ${result.stderr}`);
    t.regex(result.stderr, stderr, `mvm ${list.join(" ")}`);
    t.regex(result.stderr, /^mvm: [^\n]+\n$/, `mvm ${list.join(" ")}: one line`);
    t.is(result.stdout, "", `mvm ${list.join(" ")}: nothing on stdout`);
  }
  const none = await user.mvm();
  t.is(none.code, 2);
  t.regex(none.stderr, /Usage: mvm/);
  t.deepEqual(readdirSync(user.directory).filter((name) => name.endsWith(".part")), [], "nothing half written is left");
});

test.serial("a full disk and a file that cannot be replaced cost neither the program nor what was there", async (t) => {
  const user = closed(t);
  user.file("count.js", "let i = 0; setInterval(() => console.log(i++), 10);");
  const running = user.start(["run", "count.js"]);
  await running.until("output", () => running.stdout.length > 20);
  const full = await user.mvm("snapshot", "count", "-o", "/dev/full");
  t.is(full.code, 3);
  t.regex(full.stderr, /cannot write \/dev\/full: no space is left on the device; free some, or choose another place; nothing was changed/);
  const before = running.stdout.length;
  await running.until("more output", () => running.stdout.length > before);
  t.is((await user.mvm("snapshot", "count", "-o", "c.mvm")).code, 0);
  const first = readFileSync(user.path("c.mvm"));
  await user.mvm("snapshot", "count", "-o", "nowhere/c.mvm");
  t.deepEqual(readFileSync(user.path("c.mvm")), first);
  t.is((await user.programs()).length, 1);
});

test.serial("a key file that others can read, or that is damaged", async (t) => {
  const user = closed(t);
  await user.mvm("key", "show");
  const path = `${user.home}/key`;
  chmodSync(path, 0o644);
  t.regex((await user.mvm("key", "show")).stderr, /key can be read by others; chmod 600/);
  chmodSync(path, 0o600);
  writeFileSync(path, "rubbish\n");
  const damaged = await user.mvm("key", "show");
  t.is(damaged.code, 3);
  t.regex(damaged.stderr, /key is damaged; remove it/);
});

test.serial("a wrong key; HTTP on the port; a port that speaks something else; noise: nothing is lost", async (t) => {
  const user = closed(t);
  const stranger = closed(t);
  user.file("count.js", "let i = 0; setInterval(() => console.log(i++), 10);");
  const { host, address } = await stranger.serve();
  const running = user.start(["run", "count.js"]);
  await running.until("output", () => running.stdout.length > 20);

  const wrong = await user.mvm("migrate", "--to", address);
  t.is(wrong.code, 4);
  const { id } = await stranger.json("key", "show") as { id: string };
  t.regex(wrong.stderr.split("\n").at(-2)!, new RegExp(`^mvm: wrong key: ${address} does not know this user's key [0-9a-f]{16}; print its key ${id} there with \`mvm key show\` and give it to \`mvm key import\` here; count goes on here$`));
  await host.until("a note about it", () => /has a wrong key; it was turned away/.test(host.stderr));

  const [, port] = address.split(":");
  const response = await fetch(`http://127.0.0.1:${port}/`);
  t.is(response.status, 400);
  t.regex(await response.text(), /speaks mvm's protocol, not HTTP: use `mvm migrate --to`/);
  await host.until("a note about it", () => /speaks HTTP; it was turned away/.test(host.stderr));

  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), "127.0.0.1", () => socket.write(Buffer.alloc(5000, 0xee)));
    socket.resume().on("close", () => resolve()).on("error", () => {});
  });
  // A TLS record that promises much and gives little.
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), "127.0.0.1", () => socket.end(Uint8Array.of(0x16, 3, 1, 0xff, 0xff, 1, 2, 3)));
    socket.resume().on("close", () => resolve()).on("error", () => {});
  });

  const web = createServer((_, answer) => answer.end("web")).listen(0, "127.0.0.1");
  const silent = createTcpServer((socket) => socket.end("220 mail ready\r\n")).listen(0, "127.0.0.1");
  t.teardown(() => { web.close(); silent.close(); });
  for (const server of [web, silent]) {
    if (!server.listening) await once(server, "listening");
    const place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const other = await user.mvm("migrate", "--to", place);
    t.is(other.code, 4);
    t.regex(other.stderr, new RegExp(`what listens at ${place} does not speak mvm's protocol; check the port: it should be that of \`mvm serve\`; count goes on here`));
  }
  const nobody = await user.mvm("migrate", "--to", "127.0.0.1:1");
  t.is(nobody.code, 4);
  t.regex(nobody.stderr, /nobody listens at 127\.0\.0\.1:1; start `mvm serve --listen 127\.0\.0\.1:1` there; count goes on here/);

  const before = running.stdout.length;
  await running.until("more output", () => running.stdout.length > before);
  // The stranger's host still works for those who have its key.
  const { stdout } = await stranger.mvm("key", "show");
  t.is((await user.mvm("key", "import", stdout.trim())).code, 0);
  t.is((await user.mvm("migrate", "--to", address)).code, 0);
  await host.until("the program's output", () => /^count\| \d+$/m.test(host.stdout));
});

test.serial("a host that is full, or gives too little memory, refuses and the program goes on", async (t) => {
  const user = closed(t);
  user.file("count.js", "let i = 0; setInterval(() => console.log(i++), 10);");
  const small = await user.serve({ list: ["--max-memory", "1M"] });
  const one = await user.serve({ list: ["--max-programs", "1"] });
  const running = user.start(["run", "count.js", "--name", "first"]);
  const second = user.start(["run", "count.js", "--name", "second"]);
  await running.until("output", () => running.stdout.length > 20);
  await second.until("output", () => second.stdout.length > 20);
  const refused = await user.mvm("migrate", "first", "--to", small.address);
  t.is(refused.code, 4);
  t.regex(refused.stderr, /may take 67108864 bytes of memory, this host gives 1048576; start it with a smaller --memory.*first goes on here/);
  t.is((await user.mvm("migrate", "second", "--to", one.address)).code, 0);
  const full = await user.mvm("migrate", "first", "--to", one.address);
  t.is(full.code, 4);
  t.regex(full.stderr, /no room for another program.*first goes on here/);
  t.is((await user.mvm("pause", "first")).code, 0);
  t.is((await user.mvm("recover", "first")).code, 2);
});

test.serial("a socket that a killed process left is cleared away", async (t) => {
  const user = closed(t);
  user.file("count.js", "setInterval(() => {}, 10); console.log('x');");
  const running = user.start(["run", "count.js"]);
  await running.until("output", () => running.stdout !== "");
  while ((await user.programs()).length === 0) await new Promise((resolve) => { setTimeout(resolve, 50); });
  running.kill();
  await running.finished;
  const socket = `${user.home}/run/${running.child.pid}.sock`;
  t.true(existsSync(socket));
  t.deepEqual(await user.programs(), []);
  t.false(existsSync(socket));
});

test.serial("the socket of a process that lives is left alone, although nobody listens there yet", async (t) => {
  const user = closed(t);
  t.deepEqual(await user.programs(), []);
  const socket = `${user.home}/run/${process.pid}.sock`;
  writeFileSync(socket, "");
  t.deepEqual(await user.programs(), []);
  t.true(existsSync(socket));
});
