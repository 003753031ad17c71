import { element } from "../element.js";
import { bytes, milliseconds } from "../format.js";
import { bytesReceived, bytesSent, requestHead, responseHead } from "../trace.js";
import { pretty } from "./decode.js";
import { inkHead, inkJson } from "./ink.js";

const LONGEST_BODY = 4000;

/** A titled piece of text, coloured. A long one scrolls, so it must be reachable by keyboard. */
export function sheet(title, nodes) {
  const pre = element("pre", { tabIndex: 0, role: "region", "aria-label": title }, ...nodes);
  return element("section", { className: "sheet" }, element("h3", {}, title), pre);
}

export function jsonSheet(title, value) {
  return sheet(title, inkJson(value));
}

/** Request and response of one exchange, as they were. */
export function exchangeSheets(exchange) {
  return [
    sheet(`Request · ${bytes(bytesSent(exchange))}`, [
      ...inkHead(requestHead(exchange)),
      ...bodyNodes(exchange.requestBody),
    ]),
    sheet(`Response · ${bytes(bytesReceived(exchange))} after ${milliseconds(exchange.milliseconds)}`, [
      ...inkHead(responseHead(exchange)),
      ...bodyNodes(exchange.responseBody),
    ]),
  ];
}

export function facts(title, entries) {
  const list = element("dl", { className: "facts" });
  for (const [name, value] of entries) {
    if (value !== undefined) list.append(element("dt", {}, name), element("dd", {}, String(value)));
  }
  return element("section", { className: "sheet" }, element("h3", {}, title), list);
}

function bodyNodes(body) {
  if (!body) return [];
  if (body.length <= LONGEST_BODY) return ["\n\n", ...inkJson(pretty(body))];
  const rest = `\n… and ${bytes(body.length - LONGEST_BODY)} more of film`;
  return ["\n\n", ...inkJson(body.slice(0, LONGEST_BODY)), rest];
}
