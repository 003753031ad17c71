// x402-wasm/paywall: the page that a gate shows to people. A gate that does not import it does not carry it.
import { files } from "./files.js";

const escaped = (text) => String(text).replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

/** For the gate's option `paywall`. */
export function paywall({ path = "/paywall", title = "", burner = false, faucet, texts } = {}) {
  const attributes = [
    burner && "burner",
    faucet && `faucet="${escaped(faucet)}"`,
    texts && `texts="${escaped(JSON.stringify(texts))}"`,
  ];
  // The challenge comes first: the core puts it where it meets its name for the first time.
  const page = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="x402-challenge" content="{challenge}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,"><title>${escaped(title)}</title>
<link rel="stylesheet" href="${path}/${files.style}"><script type="module" src="${path}/${files.script}"></script></head>
<body><main>${title && `<h1>${escaped(title)}</h1>`}<x402-paywall ${attributes.filter(Boolean).join(" ")}></x402-paywall>
<noscript>402 Payment Required. This page needs JavaScript to ask your wallet for a signature.</noscript></main></body></html>`;
  return { path, page, file };
}

/** One of the page's files. Their names are their content's, so that they can be kept for ever. */
async function file(name) {
  const { contents } = await import("./files.inline.js");
  const found = contents.get(name);
  if (!found) return new Response(null, { status: 404 });
  const headers = {
    "Content-Type": found.type,
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
  };
  return new Response(found.bytes(), { headers });
}
