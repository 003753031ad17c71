//! The door of the signing build: JSON in, JSON out, values by handle (S15, S73, S76). It converts and decides nothing.
//!
//! One function for everything but a key, which must not become text: each function more would weigh a few hundred bytes
//! of glue.

mod wire;

use crate::address::Address;
use crate::dialect::{MAX_CHALLENGE_BYTES, v2};
use crate::door::slab::Slab;
use crate::json::{Value, parse};
use crate::payer::{Flow, Outcome, Payer, PayerError, Step, explain, quote};
use crate::signature::SecretKey;
use crate::spell::Spell as _;
use crate::text::from_utf8;
use alloc::boxed::Box;
use alloc::vec::Vec;
use spin::Mutex;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroize as _;

const IS_FULL: bool = cfg!(feature = "full-payer");

static HELD: Mutex<Held> = Mutex::new(Held { wallets: Slab::new(), payers: Slab::new(), flows: Slab::new() });

/// Everything that lives longer than a call. Boxed: a key that moves leaves copies behind (S70), and lists of pointers
/// are all handled by the same code.
struct Held {
    wallets: Slab<Box<SecretKey>>,
    payers: Slab<Box<Purse>>,
    flows: Slab<Box<Running>>,
}

struct Purse {
    payer: Payer,
    /// The local wallet that signs; 0 where another does.
    wallet: u32,
}

struct Running {
    flow: Flow,
    purse: u32,
}

/// Takes a call, `{call, …}` as JSON in UTF-8, and answers with the same. An error in the answer is `{code, message}`,
/// which the shell throws. Bytes, because a key is bytes: text would have glue of its own.
///
/// Where the state is to be saved it stands behind the answer, in a line of its own, as it is kept: `{"v", …}`. It is long,
/// and nobody reads it until it is opened again.
///
/// | `call` | takes | answers |
/// |---|---|---|
/// | `wallet_generate` | | a new key that never leaves this module: `{wallet, address}` |
/// | `wallet_destroy` | `wallet` | the key is wiped: `{}` |
/// | `payer_open` | `options`, `wallet` (0 for one that lends its key later, none for one outside; then with `account`), `saved`, and `payer` to open that one anew | `{payer, account, needsFull}`: such a payer is for show until the full build opens it |
/// | `payer_close` | `payer` | it is forgotten, and its flows fail: `{}` |
/// | `payer_tickets` | `payer`, `now` | the tickets that it holds |
/// | `payer_spending` | `payer`, `now` | its caps, and what counts against them |
/// | `payer_begin` | `payer`, `request`, `now` | takes a request up: `{flow}` and its first step |
/// | `payer_resume` | `flow`, `outcome`, `now`, and `shared` where others read each change | takes a step's outcome: the next step, and the state if it is to be saved or is `shared` |
/// | `payer_drop` | `flow` | gives a request up: the state, to be saved |
/// | `payer_history` | `payer`, `now`, `format` (`csv`, or none) | what was paid: `{document}` |
/// | `payer_cancel` | `payer`, `nonce`, and `wallet` or `signature` once it is signed | what to sign, then what to send: `{document}` |
/// | `explain` | `options`, `subject` | what is to be signed, in words: `{document}` |
/// | `quote` | `options`, `response` | what a 402 asks for, if it is one: `{document}` |
/// | `decode_header` | `header` | what an x402 header says: `{document}` |
#[wasm_bindgen]
#[must_use]
pub fn call(request: &[u8]) -> Vec<u8> {
    answer_with(&mut |held| held.answer(&parse(&from_utf8(request.to_vec())?).ok()?))
}

/// Takes a key and wipes it: `{wallet, address}`. Whoever made this copy of it wipes the original.
#[wasm_bindgen]
#[must_use]
pub fn wallet_import(mut key: Vec<u8>) -> Vec<u8> {
    answer_with(&mut |held| {
        let secret = key.as_mut_slice().try_into().ok().and_then(|bytes| SecretKey::from_bytes(bytes).ok());
        key.zeroize();
        let Some(key) = secret else {
            let expected = "32 bytes that are a secp256k1 key";
            return Some(Err(PayerError::InvalidOption { option: "key", expected }.boxed()));
        };
        Some(Ok(held.keep_wallet(key)))
    })
}

/// What a call is answered with; `None` where the shell breaks the rules.
type Answer = Option<Result<Value, Box<PayerError>>>;

fn answer_with(act: &mut dyn FnMut(&mut Held) -> Answer) -> Vec<u8> {
    let answer = act_with(act);
    wipe_stack();
    answer
}

/// Overwrites what the frames of the call left behind: a key that moves leaves copies (S70).
#[inline(never)]
fn wipe_stack() {
    [0_u64; 2048].zeroize();
}

#[inline(never)]
fn act_with(act: &mut dyn FnMut(&mut Held) -> Answer) -> Vec<u8> {
    // There is one thread: it is locked only where the host's randomness calls back into us.
    let answer = match HELD.try_lock().and_then(|mut held| act(&mut held)) {
        Some(Ok(answer)) => answer,
        Some(Err(error)) => wire::error(error.to_value()),
        None => wire::error(wire::internal_error()),
    };
    match answer {
        // Spelled already: a record is long.
        Value::Number(text) if IS_FULL => text.into_bytes(),
        answer => answer.spell().into_bytes(),
    }
}

/// A number of a request: handles are small.
fn number(request: &Value, name: &str) -> Option<u32> {
    request.number(name)?.try_into().ok()
}

impl Held {
    fn answer(&mut self, request: &Value) -> Answer {
        let now = request.number("now").unwrap_or_default();
        let answer = match request.text("call")? {
            "wallet_generate" => {
                let mut bytes = [0; 32];
                // A draw that is no key comes about once in 2^128.
                let key = getrandom::fill(&mut bytes).ok().and_then(|()| SecretKey::from_bytes(&mut bytes).ok());
                let Some(key) = key else { return Some(Err(PayerError::NoRandomness.boxed())) };
                self.keep_wallet(key)
            }
            "wallet_destroy" => {
                self.wallets.remove(number(request, "wallet")?);
                wire::nothing()
            }
            "payer_open" => return Some(self.open(request, request.get("options")?)),
            "payer_close" => {
                self.payers.remove(number(request, "payer")?);
                wire::nothing()
            }
            "payer_tickets" => self.payer(request)?.tickets(now),
            "payer_spending" => self.payer(request)?.spending(now),
            "payer_begin" => self.begin(number(request, "payer")?, request.get("request")?, now)?,
            "payer_resume" => self.resume(request, now)?,
            "payer_drop" => {
                let running = self.flows.remove(number(request, "flow")?)?;
                let payer = &mut self.payers.get_mut(running.purse)?.payer;
                running.flow.abandon(payer);
                wire::with_record(&wire::saving(), payer)
            }
            called => return Some(self.tell(called, request, now)?.map(wire::document)),
        };
        Some(Ok(answer))
    }

    /// Answers with a document.
    fn tell(&self, called: &str, request: &Value, now: u64) -> Answer {
        Some(match called {
            "payer_history" if IS_FULL => {
                let payer = self.payer(request)?;
                match request.text("format") {
                    Some("csv") => payer.history_as_csv(now).map(Value::from),
                    _ => payer.history(now),
                }
            }
            "payer_cancel" if IS_FULL => {
                let lent = number(request, "wallet").and_then(|handle| self.wallets.get(handle));
                self.payer(request)?.cancellation(request.text("nonce")?).and_then(|cancellation| {
                    let signature = lent.map(|key| cancellation.sign(key).to_hex());
                    match signature.as_deref().or(request.text("signature")) {
                        Some(signature) => cancellation.transaction(signature),
                        None => Ok(cancellation.typed_data()),
                    }
                })
            }
            "explain" if IS_FULL => explain(request.get("options")?, request.get("subject")?),
            "quote" if cfg!(feature = "outside-wallets") => {
                let Outcome::Response(response) = wire::read_outcome(request.get("response")?)? else { return None };
                quote(request.get("options")?, &response).map(|told| told.unwrap_or(Value::Null))
            }
            "decode_header" => {
                let document = v2::from_header(request.text("header")?, MAX_CHALLENGE_BYTES);
                document.map_err(|_| PayerError::UnreadableHeader.boxed())
            }
            // All that a lean build does not know by its name is the full one's.
            _ if !IS_FULL => Err(PayerError::NeedsFullBuild("this").boxed()),
            _ => return None,
        })
    }

    fn payer(&self, request: &Value) -> Option<&Payer> {
        Some(&self.payers.get(number(request, "payer")?)?.payer)
    }

    fn keep_wallet(&mut self, key: SecretKey) -> Value {
        let address = key.address();
        wire::wallet(self.wallets.insert(Box::new(key)), address)
    }

    /// Anew, where `payer` is open already: its flows go on with what others saved meanwhile.
    fn open(&mut self, request: &Value, options: &Value) -> Result<Value, Box<PayerError>> {
        let lent = number(request, "wallet");
        let open = if lent.is_none() { Payer::open_outside } else { Payer::open };
        let wallet = lent.unwrap_or_default();
        let account = match self.wallets.get(wallet) {
            Some(key) => key.address(),
            None if wallet == 0 => {
                let account = Address::from_wire(request.text("account").unwrap_or_default());
                let expected = "an address: 0x and 40 hex digits";
                account.map_err(|_| PayerError::InvalidOption { option: "wallet.address", expected }.boxed())?
            }
            None => return Err(PayerError::WalletRefused.boxed()),
        };
        let purse = Box::new(Purse { payer: open(options, account, request.text("saved"))?, wallet });
        let needs_full = purse.payer.lacks().is_some();
        let held = number(request, "payer").and_then(|handle| Some((handle, self.payers.get_mut(handle)?)));
        let handle = match held {
            Some((handle, held)) => {
                *held = purse;
                handle
            }
            None => self.payers.insert(purse),
        };
        Ok(wire::payer(handle, account, needs_full))
    }

    fn begin(&mut self, purse: u32, request: &Value, now: u64) -> Option<Value> {
        let payer = &self.payers.get(purse)?.payer;
        let (flow, step) = Flow::begin(payer, wire::read_request(request)?, now);
        let flow = self.flows.insert(Box::new(Running { flow, purse }));
        Some(wire::step(step, payer)?.number("flow", flow.into()).end())
    }

    fn resume(&mut self, request: &Value, now: u64) -> Option<Value> {
        let (flow, outcome) = (number(request, "flow")?, request.get("outcome")?);
        let running = self.flows.get_mut(flow)?;
        let Purse { payer, wallet } = &mut **self.payers.get_mut(running.purse)?;
        let wallets = &self.wallets;
        let account = payer.account();
        let signed =
            |flow: &mut Flow, wallet| wallets.get(wallet).map_or(Outcome::Failed, |key| flow.sign_with(key, account));
        // A wallet outside that was locked lends us its key.
        let mut outcome = match number(outcome, "wallet") {
            Some(lent) => signed(&mut running.flow, lent),
            None => wire::read_outcome(outcome)?,
        };
        let step = loop {
            let step = running.flow.resume(payer, outcome, now);
            outcome = match &step {
                Step::Random => draw_nonce(),
                Step::Sign(_) | Step::SignIn(_) if *wallet != 0 => signed(&mut running.flow, *wallet),
                _ => break step,
            };
        };
        let notices = running.flow.take_notices();
        if matches!(step, Step::Done | Step::Fail { .. } | Step::Rethrow) {
            self.flows.remove(flow);
        }
        let is_kept = matches!(step, Step::Save) || request.get("shared").is_some();
        let told = wire::step(step, payer)?.value_if("notices", wire::notices(notices)).end();
        Some(if is_kept { wire::with_record(&told, payer) } else { told })
    }
}

fn draw_nonce() -> Outcome {
    let mut nonce = [0; 32];
    getrandom::fill(&mut nonce).map_or(Outcome::Failed, |()| Outcome::Nonce(nonce))
}
