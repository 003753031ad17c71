// Where a model may send requests: it reads what strangers wrote, and may be talked into anything.
import { X402Error } from "../errors.js";

/** Throws where the list has neither the URL's origin nor "*", which stands for https everywhere. */
export function checkOrigin(url, origins) {
  if (!URL.canParse(url)) throw new X402Error("invalid_argument", "url is an absolute URL such as https://cinema.example/films/1.");
  const { origin, protocol } = new URL(url);
  if (origins.includes(origin) || (protocol === "https:" && origins.includes("*"))) return;
  throw new X402Error("origin_not_allowed", `This server may not fetch from ${origin}: whoever started it may allow it with --origin.`);
}
