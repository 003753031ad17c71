/** A protocol header: base64 of UTF-8 JSON. Undefined when it is not that. */
export function decodeHeader(value) {
  return parseJson(() => utf8(atob(value)));
}

/** What a ticket says about itself. Reading it proves nothing; only the gate can check it. */
export function decodeTicket(ticket) {
  const parts = ticket.split(".");
  const [header, claims] = parts.slice(0, 2).map((part) => parseJson(() => utf8(atob(base64(part)))));
  return parts.length === 3 && header && claims ? { header, claims } : undefined;
}

export function pretty(text) {
  const value = parseJson(() => text);
  return value === undefined ? text : JSON.stringify(value, null, 2);
}

function parseJson(read) {
  try {
    return JSON.parse(read());
  } catch {
    return undefined;
  }
}

function base64(base64url) {
  return base64url.replaceAll("-", "+").replaceAll("_", "/");
}

function utf8(latin1) {
  return new TextDecoder().decode(Uint8Array.from(latin1, (character) => character.charCodeAt(0)));
}
