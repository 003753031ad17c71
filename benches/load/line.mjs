// Requests over connections that stay open: `fetch` would cost more than what is measured.
import { Agent, request } from "node:http";

export class Line {
  #agent;
  #port;

  constructor(port, connections) {
    this.#port = port;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** The answer's status, headers and text. */
  send({ method = "GET", path = "/film", headers } = {}) {
    return new Promise((resolve, reject) => {
      const asked = request({ host: "127.0.0.1", port: this.#port, agent: this.#agent, method, path, headers }, (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (chunk) => (text += chunk));
        answer.on("error", reject);
        answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
      });
      asked.on("error", reject);
      asked.end();
    });
  }

  close() {
    this.#agent.destroy();
  }
}
