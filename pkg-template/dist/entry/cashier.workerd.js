// What moves money, in workerd: loaded by a gate when something is to be cashed or reconciled.
import * as glue from "../wasm/cashier.js";
import module from "../wasm/cashier_bg.wasm";
import { cashierBuild } from "../edge/wasm.js";

cashierBuild.loadFrom(glue, () => module);

export { cashDue } from "../edge/cash.js";
export { cashierOf } from "../edge/cashier.js";
export { ready } from "../edge/ready.js";
export { reconcile } from "../edge/reconcile.js";
export { report } from "../edge/report.js";
export { accountOf } from "../edge/settler.js";
