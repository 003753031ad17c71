// Accounts that are contracts: a wallet of two owners, one that is not deployed yet, and a key that gave its account away.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { concat, createWalletClient, encodeFunctionData, http, parseAbi, serializeErc6492Signature, zeroHash } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { creationCodes } from "../../www/stage/contracts.mjs";

const MULTICALL3 = "0xcA11bde05977b3631167028862bE2a173976CA11";
const FACTORY_ABI = parseAbi(["function create(address first, address second, bytes32 salt) returns (address)"]);

/** The chain with Multicall3, a factory of wallets, and ways to make accounts on it. */
export async function withWallets(chain) {
  await place(chain, MULTICALL3, await multicall3());
  const factory = `0x${"fac70".padEnd(40, "0")}`;
  const { DevWallet, DevWalletFactory } = await creationCodes("DevWallet.sol");
  await place(chain, factory, DevWalletFactory);
  return {
    factory,
    /** A wallet of two owners, with so much money. It exists only once it is deployed. */
    async twoOwners(balance = 1_000_000) {
      const owners = [newKey(), newKey()];
      const data = encodeFunctionData({ abi: FACTORY_ABI, args: [...owners.map((owner) => owner.address), zeroHash] });
      const address = `0x${(await chain.rpc("eth_call", { to: factory, data }, "latest")).slice(26)}`;
      await chain.mint(address, balance);
      const sign = async (typed) => concat(await Promise.all(owners.map((owner) => owner.signTypedData(typed))));
      return {
        address,
        owners,
        signTypedData: sign,
        deploy: () => chain.rpc("eth_sendTransaction", { from: chain.faucet.address, to: factory, data }),
        code: () => chain.rpc("eth_getCode", address, "latest"),
        /** The same account before its deployment: its signatures bring that along. */
        undeployed: (by = factory) => ({
          address,
          signTypedData: async (typed) => serializeErc6492Signature({ address: by, data, signature: await sign(typed) }),
        }),
      };
    },
    /** A key whose account obeys a wallet of other owners (EIP-7702): what the key signs counts for nothing there. */
    async delegated() {
      const account = newKey();
      const [first, second] = [newKey(), newKey()];
      const words = [first, second].map((owner) => owner.address.slice(2).padStart(64, "0")).join("");
      const wallet = `0x${"de1e9a7e".padEnd(40, "0")}`;
      await place(chain, wallet, DevWallet + words);
      await chain.mint(account.address, 1_000_000);
      const sponsor = createWalletClient({ account: privateKeyToAccount(chain.relayer.key), transport: http(chain.rpcUrl) });
      const authorization = await account.signAuthorization({ address: wallet, chainId: chain.chainId, nonce: 0 });
      const to = chain.faucet.address;
      await sponsor.sendTransaction({ authorizationList: [authorization], to, chain: null, type: "eip7702" });
      await until(async () => (await chain.rpc("eth_getCode", account.address, "latest")) !== "0x");
      return {
        key: account,
        wallet: {
          address: account.address,
          signTypedData: async (typed) => concat([await first.signTypedData(typed), await second.signTypedData(typed)]),
        },
      };
    },
  };
}

const newKey = () => privateKeyToAccount(generatePrivateKey());

async function until(holds) {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** A creation that is only called answers with the code that it would have placed. */
async function place(chain, address, creationCode) {
  const runtime = await chain.rpc("eth_call", { from: chain.faucet.address, data: creationCode }, "latest");
  await chain.rpc("anvil_setCode", address, runtime);
}

/** The creation code that viem carries, which it does not export. */
async function multicall3() {
  const viem = join(createRequire(import.meta.url).resolve("viem/package.json"), "..");
  return (await import(pathToFileURL(join(viem, "_esm/constants/contracts.js")))).multicall3Bytecode;
}
