// Measures what docs/scale.md tells: `node tests/endurance/measure.mjs [writing] [selling] [cashing] [gas]`. It asserts nothing about speed; on a machine
// with other work the rates are too low, while the processor time of workerd and all counts stay about the same.
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { Line, openHouse, report } from "./house.mjs";

const ENTRY = fileURLToPath(new URL("measure-worker.js", import.meta.url));
const SALES = Number(process.env.X402_SALES ?? 1_000);
const CHECKS = Number(process.env.X402_CHECKS ?? 200);
// As long as a settled one.
const RECORD = "r".repeat(2_400);

const tell = (what, ...figures) => console.log(what.padEnd(60), ...figures.map((figure) => String(figure).padStart(12)));

/** Seconds of processor time that workerd has had; nothing where /proc does not tell. */
function busy() {
  try {
    return readdirSync("/proc")
      .filter((pid) => /^\d+$/.test(pid))
      .map((pid) => readFileSync(`/proc/${pid}/stat`, "utf8"))
      .filter((stat) => stat.includes("(workerd)") && stat.split(") ")[1].split(" ")[1] === String(process.pid))
      .map((stat) => stat.split(") ")[1].split(" "))
      .reduce((sum, fields) => sum + Number(fields[11]) + Number(fields[12]), 0) / Number(execFileSync("getconf", ["CLK_TCK"]));
  } catch {
    return NaN;
  }
}

/** Does `work` `count` times, so many at once. */
async function timed(what, count, atOnce, work) {
  const [begin, cpu] = [performance.now(), busy()];
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const seconds = (performance.now() - begin) / 1_000;
  tell(what, `${Math.round(count / seconds)} /s`, `${(((busy() - cpu) / count) * 1e6).toFixed(0)} µs cpu`);
}

async function counted(world, count, what, work) {
  const look = async () => (await world.fetch("/counts")).json();
  const before = await look();
  await work();
  const after = await look();
  const each = Object.keys(after).map((name) => `${name} ${((after[name] - (before[name] ?? 0)) / count).toFixed(2)}`);
  console.log(`${what}, for each: ${each.join(", ")}`);
}

async function sale(line, payment) {
  const headers = { "content-type": "application/json" };
  const answer = await line.send("POST", "/token?scope=film", { headers, body: JSON.stringify(payment) });
  if (answer.status !== 200) throw new Error(answer.text);
  return JSON.parse(answer.text).access_token;
}

const signed = async (world, count) => {
  const payments = [];
  while (payments.length < count) payments.push(await world.pay("/films/moon"));
  return payments;
};

async function selling(shards) {
  const world = await openHouse({ entry: ENTRY, shards, cashes: "no" });
  const line = new Line(world.gate.port, 50);
  try {
    const payments = await signed(world, SALES);
    let ticket;
    await sale(line, payments[0]);
    await counted(world, SALES - 1, "sold at the office", () =>
      timed(`sales, ${shards} ledger(s)`, SALES - 1, 50, async (place) => (ticket = await sale(line, payments[place + 1]))),
    );
    await counted(world, SALES, "repeated", () =>
      timed(`the same payments again, ${shards} ledger(s)`, SALES, 50, (place) => sale(line, payments[place])),
    );
    const headers = { authorization: `Bearer ${ticket}` };
    await timed("visits with a ticket", SALES * 5, 50, () => line.send("GET", "/films/moon", { headers }));
    await timed("402 answers", SALES * 5, 50, () => line.send("GET", "/films/moon"));
  } finally {
    line.close();
    await world.close();
  }
}

async function filling(shards, atOnce, count = 2_000) {
  const world = await openHouse({ entry: ENTRY, shards, cashes: "no" });
  try {
    const ask = (body) => world.fetch("/fill", { method: "POST", body: JSON.stringify({ shards, atOnce, record: RECORD, ...body }) });
    await (await ask({ count: 100 })).json();
    const cpu = busy();
    const { took, bytes, forgetting } = await (await ask({ count })).json();
    const each = (((busy() - cpu) / count) * 1e6).toFixed(0);
    tell(`writes alone, then forgotten, ${shards} ledger(s), ${atOnce} at once`, `${Math.round((count / took) * 1_000)} /s`, `${each} µs cpu`);
    tell("bytes on disk for a record; rows written to forget it", bytes.toFixed(0), forgetting.rowsWritten.toFixed(2));
  } finally {
    await world.close();
  }
}

/** A node so many milliseconds away; counts what it is asked. */
async function farNode(rpcUrl, away) {
  let asked = 0;
  const server = createServer(async (request, response) => {
    asked += 1;
    let body = "";
    for await (const chunk of request) body += chunk;
    await pause(away);
    const honest = await fetch(rpcUrl, { method: "POST", headers: { "content-type": "application/json" }, body });
    response.setHeader("content-type", "application/json");
    response.end(await honest.text());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${server.address().port}`, asked: () => asked, close: () => server.close() };
}

async function cashing(shards, away) {
  const world = await openHouse({ entry: ENTRY, shards, bindings: { RPC_URL: "http://127.0.0.1:9" } });
  const line = new Line(world.gate.port, 50);
  const node = await farNode(world.chain.rpcUrl, away);
  try {
    for (const payment of await signed(world, CHECKS)) await sale(line, payment);
    await world.gate.restart({ RPC_URL: node.url });
    const [begin, cpu] = [performance.now(), busy()];
    await counted(world, CHECKS, `cashed, ${shards} ledger(s)`, async () => {
      while ((await report(world)).settled.count < CHECKS) await pause(250);
    });
    const seconds = (performance.now() - begin) / 1_000;
    const rate = `${(CHECKS / seconds).toFixed(1)} /s`;
    tell(`checks cashed, ${shards} ledger(s), node ${away} ms away`, rate, `${(((busy() - cpu) / CHECKS) * 1e6).toFixed(0)} µs cpu`);
    tell("requests to the node for a check", (node.asked() / CHECKS).toFixed(2));
    tell("the longest record, in characters", await (await world.fetch("/longest")).json());
    const receipts = await Promise.all((await world.transfers()).map((log) => world.chain.rpc("eth_getTransactionReceipt", log.transactionHash)));
    const gas = receipts.map((receipt) => Number(receipt.gasUsed)).sort((a, b) => a - b);
    tell("gas of a check: least, median, most", gas[0], gas[gas.length >> 1], gas.at(-1));
  } finally {
    line.close();
    node.close();
    await world.close();
  }
}

/** What a check costs in company: each has a payer of its own, and the payee has money already. */
async function gas(count) {
  const world = await openHouse({ options: { batch: { count, age: 3_600 } } });
  const line = new Line(world.gate.port, 10);
  try {
    await world.chain.mint(world.chain.payee.address, 1);
    for (let place = 0; place < count; place += 1) {
      world.payer = privateKeyToAccount(generatePrivateKey());
      await world.chain.mint(world.payer.address, 1_000_000);
      await sale(line, await world.pay("/films/moon"));
    }
    while ((await report(world)).settled.count < count) await pause(100);
    const sent = Number(await world.chain.rpc("eth_getTransactionCount", world.chain.relayer.address, "latest"));
    const blocks = await Promise.all(Array.from({ length: Number(await world.chain.rpc("eth_blockNumber")) }, (_, block) => world.chain.rpc("eth_getBlockByNumber", `0x${(block + 1).toString(16)}`, true)));
    const own = blocks.flatMap(({ transactions }) => transactions).filter(({ from }) => from === world.chain.relayer.address.toLowerCase());
    const receipts = await Promise.all(own.map(({ hash }) => world.chain.rpc("eth_getTransactionReceipt", hash)));
    const used = receipts.reduce((sum, { gasUsed }) => sum + Number(gasUsed), 0);
    const bytes = own.reduce((sum, { input }) => sum + (input.length - 2) / 2, 0);
    tell(`gas for each of ${count} checks, ${sent} transaction(s)`, Math.round(used / count), `${Math.round(bytes / count)} bytes`);
  } finally {
    line.close();
    await world.close();
  }
}

const PARTS = {
  gas: async () => {
    for (const count of [1, 2, 5, 10, 20, 50, 100, 150]) await gas(count);
  },
  writing: async () => {
    for (const shards of [1, 4]) for (const atOnce of [1, 100]) await filling(shards, atOnce);
  },
  selling: async () => {
    for (const shards of [1, 4]) await selling(shards);
  },
  cashing: async () => {
    for (const [shards, away] of [[1, 0], [1, 50], [4, 0]]) await cashing(shards, away);
  },
};

const chosen = process.argv.slice(2);
for (const part of chosen.length > 0 ? chosen : Object.keys(PARTS)) await PARTS[part]();
