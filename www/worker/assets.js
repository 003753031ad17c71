import { json } from "./http.js";

// workerd's disk service knows no content types.
const CONTENT_TYPES = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  wasm: "application/wasm",
};

const PAGE_HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-cache",
  "content-security-policy": [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join("; "),
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

export function servePage(disk) {
  return serve(disk, "index.html", PAGE_HEADERS);
}

export function serveAsset(disk, name = "") {
  const type = CONTENT_TYPES[name.split(".").at(-1)];
  if (type === undefined) return notFound();
  return serve(disk, `assets/${name}`, {
    "content-type": type,
    // The build puts a hash of the content into every asset's name.
    "cache-control": "public, max-age=31536000, immutable",
    "x-content-type-options": "nosniff",
  });
}

async function serve(disk, path, headers) {
  const file = await disk.fetch(`http://disk/${path}`);
  return file.ok ? new Response(file.body, { headers }) : notFound();
}

function notFound() {
  return json({ code: "not_found", message: "There is no such file." }, 404);
}
