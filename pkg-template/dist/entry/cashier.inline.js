// What moves money, everywhere else: loaded by a gate when something is to be cashed or reconciled.
import * as glue from "../wasm/cashier.js";
import bytes from "../wasm/cashier.inline.js";
import { cashierBuild } from "../edge/wasm.js";

cashierBuild.loadFrom(glue, bytes);

export { cashDue } from "../edge/cash.js";
export { cashierOf } from "../edge/cashier.js";
export { ready } from "../edge/ready.js";
export { reconcile } from "../edge/reconcile.js";
export { report } from "../edge/report.js";
export { accountOf } from "../edge/settler.js";
