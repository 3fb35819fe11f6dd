// Time and chance from Node (vm/hosting/platform.ts): all that a short program needs of it, so it imports nothing.

import type { Timing } from "../../vm/hosting/platform.js";

export const timing: Timing = {
  now: () => performance.now(),
  date: () => Date.now(),
  timezone: (ms) => -new Date(ms).getTimezoneOffset() || 0,
  random: (count) => crypto.getRandomValues(new Uint8Array(count)),
  after(ms, work, idle) {
    const timer = setTimeout(work, ms);
    if (idle !== undefined) timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
  soon(work) {
    const turn = setImmediate(work);
    return { cancel: () => clearImmediate(turn) };
  },
};
