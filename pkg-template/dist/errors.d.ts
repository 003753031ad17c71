/** What this package throws: `code` is stable, `message` is a sentence that says what to do. */
export declare class X402Error<Code extends string = string> extends Error {
  readonly name: "X402Error";
  readonly code: Code;
  constructor(code: Code, message: string, options?: ErrorOptions);
}
