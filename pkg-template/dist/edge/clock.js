/** Seconds since the epoch: the only clock that the core is told. */
export const now = () => Math.floor(Date.now() / 1000);
