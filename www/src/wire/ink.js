import { element } from "../element.js";

const JSON_PARTS = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*|\btrue\b|\bfalse\b|\bnull\b)/g;

/** Coloured JSON: text nodes and spans, so that whatever a server wrote stays text. */
export function inkJson(value) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(JSON_PARTS)) {
    const [whole, string, colon = "", number] = match;
    nodes.push(text.slice(end, match.index));
    if (number !== undefined) nodes.push(ink("number", number));
    else nodes.push(ink(colon ? "name" : "text", string), colon);
    end = match.index + whole.length;
  }
  nodes.push(text.slice(end));
  return nodes;
}

/** A coloured message head. */
export function inkHead(text) {
  const [first, ...rest] = text.trimEnd().split("\r\n");
  return [
    ink("start", first),
    ...rest.flatMap((line) => {
      const colon = line.indexOf(":");
      return ["\n", ink("name", line.slice(0, colon)), ink("text", line.slice(colon))];
    }),
  ];
}

function ink(kind, text) {
  return element("span", { className: `ink-${kind}` }, text);
}
