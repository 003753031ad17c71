// Every gate and facilitator of this module graph: the ledger finds the settler of a record here after a restart.
const openers = new Set();

/** `open` answers with the instance under an environment. */
export function enrol(open) {
  openers.add(open);
}

/** All of them under one environment. */
export function* instances(env) {
  for (const open of openers) yield open(env);
}

/** The instance whose records bear this issuer. */
export function instanceOf(issuer, env) {
  for (const instance of instances(env)) if (instance.issuer === issuer) return instance;
}
