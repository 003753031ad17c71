import { once } from "node:events";
import { createServer } from "node:net";

export const HOST = "127.0.0.1";

/** The port asked for, or a free one for 0. A port that is taken is told in one sentence. */
export async function claimPort(port, what) {
  const probe = createServer();
  probe.listen({ host: HOST, port, exclusive: true });
  try {
    await once(probe, "listening");
  } catch (error) {
    if (error.code !== "EADDRINUSE") throw error;
    throw new Error(`Port ${port} is taken, so ${what} cannot start there: stop what listens on it, or choose another port.`);
  }
  const claimed = probe.address().port;
  probe.close();
  await once(probe, "close");
  return claimed;
}
