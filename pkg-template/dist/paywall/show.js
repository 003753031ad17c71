// What was paid for, in place of the panel. Nothing of it runs as part of the page (S67).
import { h } from "./dom.js";

/** An element that shows a response; a link to save it where a browser has no way to show it. */
export async function shown(response, say) {
  const type = (response.headers.get("content-type") ?? "").split(";")[0].trim().toLowerCase();
  const [kind] = type.split("/");
  if (type === "text/plain" || type === "application/json") return h("pre", {}, await response.text());
  const src = URL.createObjectURL(await response.blob());
  if (type === "text/html") return h("iframe", { sandbox: "", src, title: say("title") });
  if (kind === "image") return h("img", { src, alt: "" });
  if (kind === "video" || kind === "audio") return h(kind, { src, controls: true });
  return h("a", { href: src, download: "" }, say("download"));
}
