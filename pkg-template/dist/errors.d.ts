import type { Limit, Offer } from "./payer/types.js";

/** What this package throws: `code` is stable, `message` is a sentence that says what to do. */
export declare class X402Error<Code extends string = string> extends Error {
  readonly name: "X402Error";
  readonly code: Code;
  /**
   * Why a server refuses a payment. The full build tells a code of the gate's table, whatever dialect and words it came
   * in, and the server's own word where it is none that is known; the browser's build always tells the server's own word.
   * An unknown word is a refusal like any other, never a reason to pay again.
   */
  readonly reason?: string;
  /** What was asked for, where a payer refuses it. */
  readonly offer?: Offer;
  /** Which of its owner's options keeps a payer from paying it. */
  readonly limit?: Limit;
  constructor(code: Code, message: string, options?: ErrorOptions & { reason?: string; offer?: Offer; limit?: Limit });
}
