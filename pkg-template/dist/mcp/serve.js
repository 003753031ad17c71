// The tools on the official MCP SDK, which the user installs: this package brings no dependency along.
import { readFileSync } from "node:fs";
import { X402Error } from "../errors.js";
import { misfit } from "./arguments.js";

const SDK = "@modelcontextprotocol/sdk";

/** Speaks MCP on standard input and output until the client closes them. */
export async function serve(tools) {
  const { Server, StdioServerTransport, CallToolRequestSchema, ListToolsRequestSchema } = await loadSdk();
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const server = new Server({ name: "x402-wasm", version }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools.map(({ run, ...described }) => described) }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }) => answer(tools, params, signal));
  await server.connect(new StdioServerTransport());
}

async function loadSdk() {
  try {
    const [server, stdio, types] = await Promise.all(["server/index.js", "server/stdio.js", "types.js"].map((part) => import(`${SDK}/${part}`)));
    return { ...server, ...stdio, ...types };
  } catch (error) {
    if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new X402Error("no_mcp_sdk", `The MCP SDK is not installed beside x402-wasm: npm install ${SDK}`);
  }
}

async function answer(tools, { name, arguments: given = {} }, signal) {
  try {
    const tool = tools.find((tool) => tool.name === name);
    if (!tool) throw new X402Error("unknown_tool", `There is no tool ${JSON.stringify(name)} here.`);
    const problem = misfit(given, tool.inputSchema);
    if (problem) throw new X402Error("invalid_argument", problem);
    const told = await tool.run(given, signal);
    return { content: [{ type: "text", text: JSON.stringify(told) }], structuredContent: told };
  } catch (error) {
    const { code, message } = error instanceof X402Error ? error : unforeseen(error);
    return { isError: true, content: [{ type: "text", text: `${code}: ${message}` }], structuredContent: { code, message } };
  }
}

function unforeseen(error) {
  const why = error?.cause?.code ?? error?.cause?.message ?? error?.message ?? String(error);
  return { code: "request_failed", message: `The request failed: ${why}.` };
}
