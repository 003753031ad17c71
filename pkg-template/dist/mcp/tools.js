// What a model is offered. It may choose what to buy; it cannot choose how much may be spent, or see a key or a ticket.
import { getWithPayment } from "./get.js";
import { signPayment } from "./sign.js";

const text = (description) => ({ type: "string", description });
const MAX_AMOUNT = {
  ...text('The most that this may cost, in whole units of the asset, such as "0.02". It can only lower the budget.'),
  pattern: "^[0-9]+([.][0-9]+)?$",
};
const object = (properties, required) => ({ type: "object", properties, required, additionalProperties: false });

/** The tools for which there is a key. */
export function toolsOf({ payer, cashdesk, origins }) {
  const tools = [];
  if (payer) {
    const { perPayment, perDay } = payer.spending();
    const budget = `At most ${perPayment} a payment and ${perDay.limit} a day.`;
    const where = origins.includes("*") ? "Any https origin." : `Only from ${origins.join(", ")}.`;
    tools.push(
      {
        name: "get_with_payment",
        description: `Fetches a URL and pays for it where the server asks for an x402 payment. ${budget} ${where} Answers with status, headers, text, and a receipt where something was paid.`,
        inputSchema: object(
          {
            url: text("Where to."),
            method: text("GET unless given."),
            headers: { type: "object", additionalProperties: { type: "string" }, description: "Request headers." },
            body: text("The request's body."),
            maxAmount: MAX_AMOUNT,
          },
          ["url"],
        ),
        annotations: { title: "Fetch and pay", readOnlyHint: false, destructiveHint: true, openWorldHint: true },
        run: (given, signal) => getWithPayment(payer, origins, given, signal),
      },
      {
        name: "sign_payment",
        description: `Signs the payment that an x402 challenge asks for, and sends nothing: answers with the header to send. It counts as spent. ${budget}`,
        inputSchema: object(
          {
            url: text("The URL that answered with 402."),
            challenge: text("Its PAYMENT-REQUIRED header, or its JSON, or one element of `accepts`."),
            maxAmount: MAX_AMOUNT,
          },
          ["url", "challenge"],
        ),
        annotations: { title: "Sign a payment", readOnlyHint: false, destructiveHint: true, openWorldHint: false },
        run: (given) => signPayment(payer, origins, given),
      },
    );
  }
  if (cashdesk) {
    tools.push({
      name: "verify_and_settle",
      description: "For operators: verifies an x402 payment against its requirements, and cashes it on the chain with the relayer's key. The same payment is cashed once, however often it is sent.",
      inputSchema: object(
        {
          payment: { type: ["string", "object"], description: "The PAYMENT-SIGNATURE header, or its JSON." },
          requirements: { type: "object", description: "The element of `accepts` that it pays: scheme, network, amount, asset, payTo, maxTimeoutSeconds." },
        },
        ["payment", "requirements"],
      ),
      annotations: { title: "Verify and settle", readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
      run: (given) => cashdesk.cash(given),
    });
  }
  return tools;
}
