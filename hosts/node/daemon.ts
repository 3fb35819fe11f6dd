// `mvm serve`: a host that takes programs in. It listens for other hosts over TCP and for this user's commands on a Unix
// socket. What its programs print goes to its own outputs, each line with the program's name before it; what people
// should know goes to stderr.

import { chooseIo, type IoChoice } from "../../vm/hosting/io-choice.js";
import { ServingHost } from "../../vm/hosting/serve.js";
import { compileForGuests } from "./compile-evaluated.js";
import { DuplexConnection } from "./connection.js";
import { readKeys, rememberKey, scopes } from "./keys.js";
import { ClosedPipe, PlainOutput } from "./output.js";
import { platform } from "./platform.js";
import { addressText, listenCommands, listenHosts, type Address } from "./transport.js";
import { Exit, oneLine, Trouble } from "./trouble.js";

export interface ServeOptions {
  listen: Address;
  /** Bytes of memory that one program may have. */
  memoryMax: number;
  programsMax: number;
  io: IoChoice;
}

export async function serve({ listen, memoryMax, programsMax, io }: ServeOptions): Promise<void> {
  const note = (line: string): void => { process.stderr.write(`mvm: ${oneLine(line)}\n`); };
  const host = new ServingHost({
    platform, memoryMax, programsMax, note, importKey: rememberKey, io: chooseIo(io),
    output: () => new PlainOutput(),
    compile: compileForGuests,
    environment: () => Object.entries(process.env).map(([variable, value]) => [variable, value ?? ""]),
    accident: (error) => error instanceof Trouble || error instanceof ClosedPipe ? error.message : undefined,
  });
  const listener = await listenHosts(listen, ({ stream, key, place }) => {
    host.link({ connection: new DuplexConnection(stream), began: false, scopes: key.scopes, place });
  }, note);
  const commands = await listenCommands((stream) => {
    host.link({ connection: new DuplexConnection(stream), began: false, scopes, place: "a command" });
  });
  note(`listening at ${addressText(listener.address)}, key ${readKeys()[0]!.id}`);

  let warned = false;
  const stop = (code: number): void => {
    if (host.residents.length > 0 && !warned) {
      warned = true;
      note(`${host.residents.map((one) => one.name).join(", ")} would end with this host; move or stop them, or ask once more`);
      return;
    }
    host.finish();
    commands.close();
    process.exit(code);
  };
  process.on("SIGINT", () => stop(Exit.OK));
  process.on("SIGTERM", () => {
    warned = true;
    if (host.residents.length > 0) note(`${host.residents.map((one) => one.name).join(", ")} ended with this host`);
    stop(Exit.OK);
  });
}
