// Links (vm/hosting/link.ts) over streams of Node's, for commands and for tests; a host makes its own.

import type { Duplex } from "node:stream";
import * as neutral from "../../vm/hosting/link.js";
import { DuplexConnection } from "./connection.js";
import { platform } from "./platform.js";

export { Conversation, setTap } from "../../vm/hosting/link.js";

export interface LinkOptions extends Omit<neutral.LinkOptions, "platform" | "connection"> { stream: Duplex }

export class Link extends neutral.Link {
  constructor({ stream, ...options }: LinkOptions) {
    super({ ...options, platform, connection: new DuplexConnection(stream) });
  }
}

/** The stream under a link of this process. */
export function streamOf(link: neutral.Link): Duplex {
  return (link.connection as DuplexConnection).stream;
}
