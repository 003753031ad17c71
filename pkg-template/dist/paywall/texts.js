// What the paywall says. Names in braces are filled in; codes are those of the errors that the payer throws.

export const ENGLISH = {
  title: "Payment required",
  to: "To",
  opens: "Good for",
  on: "Network",
  payWith: "Pay with",
  offers: "Pay in",
  browserWallet: "Browser wallet",
  burner: "A wallet made for this visit",
  noWallet: "There is no wallet in this browser. Install one, then load this page again.",
  pay: "Pay {price}",
  paying: "Paying…",
  connecting: "Choose an account in your wallet.",
  signing: "Look at your wallet: it asks for one signature.",
  sent: "Signed. Fetching your ticket…",
  done: "Paid. Here it is.",
  promise: "One signature, no account. Nothing leaves your wallet before you sign.",
  noOffer: "This cannot be paid from here: no offer is in an asset that this page knows.",
  noCookies: "This browser keeps no cookies for this site, so it could not show what you pay for. Allow them, then load this page again.",
  unreachable: "No answer. Try again: nothing is paid twice.",
  download: "Save it",
  ticket_expired: "Your ticket has expired.",
  ticket_revoked: "The payment behind your ticket failed.",
  wallet_refused: "The wallet did not sign. Nothing was paid.",
};

/** Speaks the first language of `wanted` that there are words for; English where a word is missing. */
export function speaker(translations, wanted) {
  const language = wanted.find((own) => own && (own in translations || own.split("-")[0] in translations || /^en\b/.test(own))) ?? "en";
  const words = { ...ENGLISH, ...(translations[language] ?? translations[language.split("-")[0]]) };
  const say = (key, values = {}) => words[key]?.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  return Object.assign(say, { language });
}

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** Seconds as a person says them: in the largest unit that does not round. */
export function duration(seconds, language) {
  const [unit, size] = UNITS.find(([, size]) => seconds % size === 0 && seconds >= size) ?? UNITS.at(-1);
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(seconds / size);
}
