/**
 * What this package throws: `code` is stable, `message` says what to do, `reason` is the server's. Where a payer
 * refuses an offer, `offer` says what was asked for, and `limit` which of its owner's options keeps it from paying.
 */
export class X402Error extends Error {
  constructor(code, message, options) {
    super(message, options);
    const { reason, offer, limit } = options ?? {};
    Object.assign(this, { name: "X402Error", code, reason, offer, limit });
  }
}
