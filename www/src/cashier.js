const SOON = 300;
const LATER = 2000;
const PATIENCE = 10 * 60_000;
const FINAL = ["settled", "failed"];

/** Asks for the record of a payment until it is final, and reports every answer. */
export async function follow(trace, jti, report) {
  const start = performance.now();
  while (performance.now() - start < PATIENCE) {
    const record = await read(trace, jti, report);
    if (record && FINAL.includes(record.state)) return;
    const waited = performance.now() - start;
    await new Promise((resolve) => setTimeout(resolve, waited < 10_000 ? SOON : LATER));
  }
}

async function read(trace, jti, report) {
  try {
    const response = await trace.fetch(`/ledger/${encodeURIComponent(jti)}`);
    if (!response.ok) return undefined;
    const record = await response.json();
    report(record);
    return record;
  } catch {
    // The gate may be restarting. The record survives that, so we ask again.
    return undefined;
  }
}
