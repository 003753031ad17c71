// A passkey as the key to a vault: the secret that its PRF extension makes of a salt (S75).
import { X402Error } from "../errors.js";

const random = (length) => crypto.getRandomValues(new Uint8Array(length));

/** Makes a passkey: `{id, salt, secret}`. Its owner is asked once, or twice where a new passkey cannot answer at once. */
export async function makePasskey({ rpId, rpName, userName }) {
  const salt = random(32);
  const credential = await ask("create", {
    rp: { id: rpId, name: rpName },
    user: { id: random(16), name: userName, displayName: userName },
    // Nobody checks what it signs: it is there for its secret.
    challenge: random(32),
    pubKeyCredParams: [-7, -257].map((alg) => ({ type: "public-key", alg })),
    authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
    extensions: { prf: { eval: { first: salt } } },
  });
  const { enabled, results } = credential.getClientExtensionResults().prf ?? {};
  if (!enabled && !results) throw unsupported();
  const passkey = { id: new Uint8Array(credential.rawId), rpId, salt };
  return { ...passkey, secret: results?.first ?? (await askPasskey(passkey)) };
}

/** Asks its owner to use the passkey; the 32 bytes that it makes of its salt. */
export async function askPasskey({ id, rpId, salt }) {
  const credential = await ask("get", {
    rpId,
    challenge: random(32),
    allowCredentials: [{ type: "public-key", id }],
    userVerification: "required",
    extensions: { prf: { eval: { first: salt } } },
  });
  const secret = credential.getClientExtensionResults().prf?.results?.first;
  if (!secret) throw unsupported();
  return secret;
}

async function ask(what, publicKey) {
  if (!navigator.credentials) throw unsupported();
  try {
    return await navigator.credentials[what]({ publicKey });
  } catch (cause) {
    throw new X402Error("vault_refused", "The passkey was not used: its owner said no, or it is not at hand.", { cause });
  }
}

const unsupported = () => new X402Error("passkey_unsupported", "This passkey or browser makes no secrets (WebAuthn's PRF extension): leave the option `passkey` out.");
