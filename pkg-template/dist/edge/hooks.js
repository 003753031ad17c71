// The operator's hooks: told what happened, waited for by nobody.

const PATIENCE_MS = 10_000;

/** Whatever a hook does, no answer changes and none waits: `ctx.waitUntil` carries it where there is one. */
export function tell(hooks, events, ctx) {
  for (const { hook, event } of events) {
    if (!hooks[hook]) continue;
    const told = run(hook, () => hooks[hook](event));
    try {
      ctx?.waitUntil?.(told);
    } catch {
      // No worker's context: the process carries it.
    }
  }
}

async function run(name, hook) {
  let late;
  try {
    // Not before the answer's own work: even a hook that never awaits runs behind it.
    const patience = new Promise((_, reject) => {
      late = setTimeout(() => reject(new Error("It did not end within ten seconds.")), PATIENCE_MS);
      late.unref?.();
    });
    await Promise.race([Promise.resolve().then(hook), patience]);
  } catch (error) {
    console.error(`x402-wasm: the hook ${name} failed`, error);
  } finally {
    clearTimeout(late);
  }
}
