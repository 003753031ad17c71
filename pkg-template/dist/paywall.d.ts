/** What the page says, by key; the keys stand in `dist/paywall/texts.js`. Names in braces are filled in. */
export type PaywallTexts = Readonly<Record<string, string>>;

export interface PaywallOptions {
  /** Below it the gate answers with the page's files. Default `"/paywall"`. */
  path?: string;
  /** Above the price: whose page this is. */
  title?: string;
  /** Offers a wallet that is made on the spot and gone with the page. For test money. Default false. */
  burner?: boolean;
  /** A URL of this origin that puts test money into a burner: it gets `POST {"address": "0x…"}`. */
  faucet?: string;
  /** Translations by language, such as `{ de: { pay: "{price} zahlen" } }`. The first one that the person's browser wants is spoken. */
  texts?: Readonly<Record<string, PaywallTexts>>;
}

/** For the gate's option `paywall`. */
export interface PaywallPage {
  readonly path: string;
  readonly page: string;
  file(name: string): Promise<Response>;
}

/** The page that a gate answers with where a person's browser opens a gated URL. */
export declare function paywall(options?: PaywallOptions): PaywallPage;
