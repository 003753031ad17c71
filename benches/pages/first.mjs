// A fresh process: imports a bundle and pays once. `node first.mjs BUNDLE URL KEY` answers with JSON.
const [bundle, url, key] = process.argv.slice(2);
const spent = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};
const start = spent();
const { pay } = await import(bundle);
const imported = spent();
const answer = await pay(url, Uint8Array.from(Buffer.from(key, "hex")));
if ((await answer.text()) !== "the film") throw new Error(`not paid: ${answer.status}`);
console.log(JSON.stringify({ imported: imported - start, paid: spent() - start }));
process.exit();
