// What the host-neutral part of a host (vm/hosting) gets from Node.

import type { Platform } from "../../vm/hosting/platform.js";
import { DuplexConnection } from "./connection.js";
import { digest } from "./digest.js";
import { bootId, hostId, hostName } from "./home.js";
import { loadCore, loadKernel } from "./load-core.js";
import { patience } from "./patience.js";
import { timing } from "./timing.js";
import { addressText, connectHost, parseAddress } from "./transport.js";

export const platform: Platform = {
  ...timing,
  software: "mvm 0.1.0 on Node",
  hostId,
  bootId,
  hostName,
  processId: process.pid,
  patience,
  digest,
  kernel: loadKernel,
  core: loadCore,
  placeOf: (to) => addressText(parseAddress(to)),
  async reach(to) {
    const address = parseAddress(to);
    return { place: addressText(address), connection: new DuplexConnection(await connectHost(address)) };
  },
};
