// A site of its own in real workerd, with a real film on its disk.
import { build } from "esbuild";
import { randomBytes } from "node:crypto";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { claimPort } from "../../www/stage/port.mjs";
import { startWorker } from "../../www/stage/workerd.mjs";

const SITE = fileURLToPath(new URL("./site/", import.meta.url));

export async function openSite(film) {
  const dataDir = await mkdtemp(join(tmpdir(), "x402-site-"));
  const assets = join(dataDir, "assets");
  await mkdir(assets);
  for (const page of ["index.html", "elements.html"]) await copyFile(SITE + page, join(assets, page));
  if (film) await writeFile(join(assets, "film.webm"), film);
  await build({
    entryPoints: ["page.js", "elements.js", "sw.js"].map((script) => SITE + script),
    outdir: assets,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    logLevel: "error",
  });
  const port = await claimPort(0, "the site");
  const worker = await startWorker({
    entry: `${SITE}worker.js`,
    assets,
    dataDir,
    port,
    bindings: { TICKET_SECRET: randomBytes(32).toString("base64url"), ORIGIN: `http://127.0.0.1:${port}` },
  });
  return {
    url: worker.url,
    /** The requests that were let in: `{ path, range, jti }`. */
    seen: async () => (await fetch(`${worker.url}/seen`)).json(),
    close: async () => {
      await worker.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A film of two seconds, made by the browser itself: noise, so that it does not compress to nothing. */
export async function shootFilm(browser) {
  const page = await browser.newPage();
  const base64 = await page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [640, 360];
    const context = canvas.getContext("2d");
    const draw = () => {
      const image = context.createImageData(canvas.width, canvas.height);
      crypto.getRandomValues(new Uint8Array(65536)).forEach((byte, i) => image.data.fill(byte, i * 14, i * 14 + 14));
      context.putImageData(image, 0, 0);
    };
    draw();
    const recorder = new MediaRecorder(canvas.captureStream(24), { mimeType: "video/webm", videoBitsPerSecond: 8e6 });
    const parts = [];
    recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
    const stopped = new Promise((resolve) => recorder.addEventListener("stop", resolve));
    recorder.start();
    const timer = setInterval(draw, 40);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    clearInterval(timer);
    recorder.stop();
    await stopped;
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  });
  await page.close();
  return Buffer.from(base64, "base64");
}
