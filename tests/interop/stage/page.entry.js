// The script of the page: whoever buys there, for the tests to call.
import { privateKeyToAccount } from "viem/accounts";
import { buy } from "../clients/fetch.mjs";

export { buy as buyWithOurs } from "../payers/buy.js";

export const buyWithFetch = (url, key) => buy(url, privateKeyToAccount(key));
