// A store that lives in another process, as an object of this one.
const METHODS = ["read", "write", "due", "page", "tally", "lease"];

/** `ask(method, args)` resolves to what that store answers. */
export function remoteStore(ask) {
  return Object.fromEntries(METHODS.map((method) => [method, (...args) => ask(method, args)]));
}

/** JSON has no undefined, and both sides mean it by null. */
export const withoutNull = (args) => args.map((arg) => arg ?? undefined);
