/** What this package throws: `code` is stable, `message` says what to do, `reason` is the server's, as a code. */
export class X402Error extends Error {
  constructor(code, message, options) {
    super(message, options);
    this.name = "X402Error";
    this.code = code;
    this.reason = options?.reason;
  }
}
