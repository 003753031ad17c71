// A request that we cannot serve, with the sentence that its sender gets to read.
export class BadRequest extends Error {
  constructor(code, message) {
    super(message);
    this.name = "BadRequest";
    this.code = code;
  }
}

export function json(value, status = 200) {
  return new Response(JSON.stringify(value), {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store", "x-content-type-options": "nosniff" },
  });
}

// An address goes into call data digit by digit, so nothing but forty hex digits may pass.
export function readAddress(text) {
  if (typeof text !== "string" || !/^0x[0-9a-fA-F]{40}$/.test(text) || /^0x0{40}$/.test(text)) {
    throw new BadRequest("address_invalid", "An address is 0x and forty hex digits, and never all zero.");
  }
  return text;
}
