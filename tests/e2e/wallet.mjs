// A wallet in the page, as browser extensions put theirs there; its key stays outside.

const ICON = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E%3Crect width='8' height='8' rx='2' fill='%23c79a52'/%3E%3C/svg%3E";

/** Announces itself by EIP-6963, and sits in `ethereum`. `asked` collects what it is asked. */
export async function announceWallet(page, account, asked) {
  await answerFor(page, account, asked);
  await page.addInitScript((icon) => {
    const info = Object.freeze({ uuid: "350670db-19fa-4704-a166-e52e178b59d2", name: "Test Wallet", icon, rdns: "test.wallet" });
    const provider = window.ethereum;
    const announce = () =>
      dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail: Object.freeze({ info, provider }) }));
    addEventListener("eip6963:requestProvider", announce);
    announce();
  }, ICON);
}

/** Only sits in `ethereum`, as old wallets do. An account that does not sign is an owner who says no (EIP-1193, 4001). */
export async function answerFor(page, account, asked) {
  await page.exposeFunction("askTheWallet", async ({ method, params }) => {
    asked.push({ method, params });
    if (method === "eth_requestAccounts") return [account.address];
    if (method === "eth_chainId") return "0x14a34";
    if (method === "eth_signTypedData_v4") return account.signTypedData(JSON.parse(params[1])).catch(() => null);
    throw new Error(`This wallet does not know ${method}.`);
  });
  await page.addInitScript(() => {
    window.ethereum = {
      async request(question) {
        const answer = await window.askTheWallet(question);
        if (answer === null) throw Object.assign(new Error("The owner said no."), { code: 4001 });
        return answer;
      },
    };
  });
}
