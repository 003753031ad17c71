import { recoverTypedDataAddress } from "viem";
import { typed } from "../../peers/payments.mjs";
import { paid } from "../paid.js";

export default paid((message, signature) => recoverTypedDataAddress({ ...typed(message), signature }));
