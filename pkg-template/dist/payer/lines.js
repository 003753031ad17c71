// What waits for somebody: all of it ends when the request's owner gives it up.

/** Waits until everybody who came earlier for this name has let go. */
export async function inLine(lines, name, signal) {
  const before = lines.get(name);
  let release;
  const turn = new Promise((resolve) => (release = resolve));
  const last = Promise.resolve(before).then(() => turn);
  lines.set(name, last);
  last.then(() => lines.get(name) === last && lines.delete(name));
  try {
    await abortable(before, signal);
  } catch (error) {
    release();
    throw error;
  }
  return release;
}

export const sleep = (milliseconds, signal) => abortable(new Promise((resolve) => setTimeout(resolve, milliseconds)), signal);

export function abortable(promise, signal) {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    Promise.resolve(promise).then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
