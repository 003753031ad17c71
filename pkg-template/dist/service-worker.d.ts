import type { Payer } from "./payer/types.js";

/**
 * Call it at the top of a service worker. The site's own GET requests then go through the payer: pictures, films with
 * their range requests, pages. What it does not pay for, because of its budget or because its wallet is not there, the
 * browser asks for as it would have without the worker.
 *
 * `openPayer` is called when the first request comes, and again each time the browser starts the worker anew: give the
 * payer a `store` that outlives the worker, and a wallet that can be opened without a person.
 */
export declare function payFor(
  openPayer: () => Payer | Promise<Payer>,
  options?: {
    /** Which requests; default all. Of other origins, or with another method than GET, none ever is. */
    covers?: (request: Request) => boolean;
  },
): void;
