// HTTP as bytes, for what `fetch` would put in order or refuse to send.
import { connect } from "node:net";

/**
 * Sends `head`, its lines as they are, and `body`; resolves with the first answer. With `mayCut`, for what is far above
 * the server's own limits, a connection that is cut in the middle of our sending counts as its 431.
 */
export function raw(gate, head, body = "", { patience = 20_000, keepOpen = false, mayCut = false } = {}) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    const socket = connect(gate.port, "127.0.0.1", () => {
      const lines = [...head, "Host: 127.0.0.1", ...(keepOpen ? [] : ["Connection: close"]), "", ""];
      socket.write(Buffer.concat([Buffer.from(lines.join("\r\n"), "latin1"), Buffer.from(body)]));
    });
    const give = setTimeout(() => finish(new Error(`no answer within ${patience} ms to ${head[0].slice(0, 100)}`)), patience);
    const finish = (error) => {
      clearTimeout(give);
      socket.destroy();
      const answer = parse(Buffer.concat(chunks).toString());
      if (answer) resolve(answer);
      else if (mayCut && ["ECONNRESET", "EPIPE"].includes(error?.code)) resolve({ status: 431, body: "" });
      else reject(error ?? new Error(`the connection ended without an answer to ${head[0].slice(0, 100)}`));
    };
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      if (parse(Buffer.concat(chunks).toString())?.isWhole) finish();
    });
    // A server that answers before it has read everything may also cut the connection: its answer is what counts.
    socket.on("error", finish);
    socket.on("close", () => finish());
  });
}

function parse(text) {
  const [head, ...rest] = text.split("\r\n\r\n");
  const match = /^HTTP\/1\.1 (\d{3})/.exec(head);
  if (!match || rest.length === 0) return undefined;
  const body = rest.join("\r\n\r\n");
  const length = /^content-length: (\d+)/im.exec(head);
  return { status: Number(match[1]), head, body, isWhole: length !== null && Buffer.byteLength(body) >= Number(length[1]) };
}
