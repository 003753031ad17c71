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
use alloc::boxed::Box;
use alloc::string::ToString as _;
use alloc::vec::Vec;
use spin::Mutex;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroize as _;

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
/// | `call` | takes | answers |
/// |---|---|---|
/// | `wallet_generate` | | a new key that never leaves this module: `{wallet, address}` |
/// | `wallet_destroy` | `wallet` | the key is wiped: `{}` |
/// | `payer_open` | `options`, `wallet` (0 for one that lends its key later, none for one outside; then with `account`), `saved`, and `payer` to open that one anew | `{payer, account, needsFull}`: such a payer is for show until the full build opens it |
/// | `payer_record` | `payer` | the state to save, as it is kept: `{"v", …}` |
/// | `payer_close` | `payer` | it is forgotten, and its flows fail: `{}` |
/// | `payer_tickets` | `payer`, `now` | the tickets that it holds |
/// | `payer_spending` | `payer`, `now` | its caps, and what counts against them |
/// | `payer_begin` | `payer`, `request`, `now` | takes a request up: `{flow}` and its first step |
/// | `payer_resume` | `flow`, `outcome`, `now` | takes a step's outcome: the next step |
/// | `payer_drop` | `flow` | gives a request up, after which the state is to be saved |
/// | `payer_history` | `payer`, `now`, `format` (`csv`, or none) | what was paid: `{document}` |
/// | `payer_cancel` | `payer`, `nonce`, and `wallet` or `signature` once it is signed | what to sign, then what to send: `{document}` |
/// | `explain` | `options`, `subject` | what is to be signed, in words: `{document}` |
/// | `quote` | `options`, `response` | what a 402 asks for, if it is one: `{document}` |
/// | `decode_header` | `header` | what an x402 header says: `{document}` |
#[wasm_bindgen]
#[must_use]
pub fn call(request: &[u8]) -> Vec<u8> {
    answer_with(|held| held.answer(&parse(core::str::from_utf8(request).ok()?).ok()?))
}

/// Takes a key and wipes it: `{wallet, address}`. Whoever made this copy of it wipes the original.
#[wasm_bindgen]
#[must_use]
pub fn wallet_import(mut key: Vec<u8>) -> Vec<u8> {
    answer_with(|held| {
        let secret = key.as_mut_slice().try_into().ok().and_then(|bytes| SecretKey::from_bytes(bytes).ok());
        key.zeroize();
        let error = PayerError::InvalidOption { option: "key", expected: "32 bytes that are a secp256k1 key" };
        Some(held.keep_wallet(secret, &error))
    })
}

fn answer_with(act: impl FnOnce(&mut Held) -> Option<Value>) -> Vec<u8> {
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
fn act_with(act: impl FnOnce(&mut Held) -> Option<Value>) -> Vec<u8> {
    // There is one thread: it is locked only where the host's randomness calls back into us.
    let answer = HELD.try_lock().and_then(|mut held| act(&mut held));
    answer.unwrap_or_else(wire::internal_error).to_string().into_bytes()
}

impl Held {
    fn answer(&mut self, request: &Value) -> Option<Value> {
        let number = |name| u32::try_from(request.number(name)?).ok();
        let now = number("now").unwrap_or_default().into();
        match request.text("call")? {
            "wallet_generate" => {
                let mut bytes = [0; 32];
                // A draw that is no key comes about once in 2^128.
                let key = getrandom::fill(&mut bytes).ok().and_then(|()| SecretKey::from_bytes(&mut bytes).ok());
                return Some(self.keep_wallet(key, &PayerError::NoRandomness));
            }
            "wallet_destroy" => drop(self.wallets.remove(number("wallet")?)),
            "payer_open" => {
                let account = request.text("account").unwrap_or_default();
                let (wallet, saved) = (number("wallet"), request.text("saved"));
                return Some(self.open(request.get("options")?, wallet, account, saved, number("payer")));
            }
            "payer_close" => drop(self.payers.remove(number("payer")?)),
            "payer_record" => return Some(Value::spelled_out(self.payers.get(number("payer")?)?.payer.to_record())),
            "payer_tickets" => return Some(self.payers.get(number("payer")?)?.payer.tickets(now)),
            "payer_spending" => return Some(self.payers.get(number("payer")?)?.payer.spending(now)),
            "payer_begin" => return self.begin(number("payer")?, request.get("request")?, now),
            "payer_resume" => return self.resume(number("flow")?, request.get("outcome")?, now),
            "payer_drop" => {
                let running = self.flows.remove(number("flow")?)?;
                let payer = &mut self.payers.get_mut(running.purse)?.payer;
                running.flow.abandon(payer);
                return Some(wire::saving());
            }
            "payer_history" => {
                let payer = &self.payers.get(number("payer")?)?.payer;
                let told = match request.text("format") {
                    Some("csv") => payer.history_as_csv(now).map(Value::from),
                    _ => payer.history(now),
                };
                return Some(told.map_or_else(|error| wire::error(&error), wire::document));
            }
            "payer_cancel" => {
                let payer = &self.payers.get(number("payer")?)?.payer;
                let lent = number("wallet").and_then(|handle| self.wallets.get(handle));
                let answer = payer.cancellation(request.text("nonce")?).and_then(|cancellation| {
                    let signature = lent.map(|key| cancellation.sign(key).to_hex());
                    match signature.as_deref().or(request.text("signature")) {
                        Some(signature) => cancellation.transaction(signature),
                        None => Ok(cancellation.typed_data()),
                    }
                });
                return Some(answer.map_or_else(|error| wire::error(&error), wire::document));
            }
            "explain" => {
                let told = explain(request.get("options")?, request.get("subject")?);
                return Some(told.map_or_else(|error| wire::error(&error), wire::document));
            }
            "quote" => {
                let Outcome::Response(response) = wire::read_outcome(request.get("response")?)? else { return None };
                let quote = quote(request.get("options")?, &response);
                return Some(
                    quote.map_or_else(|error| wire::error(&error), |told| wire::document(told.unwrap_or(Value::Null))),
                );
            }
            "decode_header" => {
                let document = v2::from_header(request.text("header")?, MAX_CHALLENGE_BYTES);
                return Some(document.map_or_else(|_| wire::error(&PayerError::UnreadableHeader), wire::document));
            }
            _ => return None,
        }
        Some(wire::nothing())
    }

    fn keep_wallet(&mut self, key: Option<SecretKey>, error: &PayerError) -> Value {
        let Some(key) = key else { return wire::error(error) };
        let address = key.address().to_string();
        wire::wallet(self.wallets.insert(Box::new(key)), &address)
    }

    /// Anew, where `payer` is open already: its flows go on with what others saved meanwhile.
    fn open(
        &mut self,
        options: &Value,
        wallet: Option<u32>,
        account: &str,
        saved: Option<&str>,
        payer: Option<u32>,
    ) -> Value {
        let expected = "an address: 0x and 40 hex digits";
        let open = if wallet.is_none() { Payer::open_outside } else { Payer::open };
        let wallet = wallet.unwrap_or_default();
        let account = match self.wallets.get(wallet) {
            Some(key) => Ok(key.address()),
            None if wallet == 0 => Address::from_wire(account)
                .map_err(|_| PayerError::InvalidOption { option: "wallet.address", expected }),
            None => Err(PayerError::WalletRefused),
        };
        let purse = match account.and_then(|account| open(options, account, saved)) {
            Ok(payer) => Box::new(Purse { payer, wallet }),
            Err(error) => return wire::error(&error),
        };
        let (account, needs_full) = (purse.payer.account().to_string(), purse.payer.lacks().is_some());
        let handle = match payer.and_then(|handle| Some((handle, self.payers.get_mut(handle)?))) {
            Some((handle, held)) => {
                *held = purse;
                handle
            }
            None => self.payers.insert(purse),
        };
        wire::payer(handle, &account, needs_full)
    }

    fn begin(&mut self, purse: u32, request: &Value, now: u64) -> Option<Value> {
        let payer = &self.payers.get(purse)?.payer;
        let account = payer.account();
        let (flow, step) = Flow::begin(payer, wire::read_request(request)?, now);
        let flow = self.flows.insert(Box::new(Running { flow, purse }));
        wire::begun(flow, wire::step(&step, account)?)
    }

    fn resume(&mut self, flow: u32, outcome: &Value, now: u64) -> Option<Value> {
        let running = self.flows.get_mut(flow)?;
        let Purse { payer, wallet } = &mut **self.payers.get_mut(running.purse)?;
        let wallets = &self.wallets;
        let account = payer.account();
        let signed =
            |flow: &mut Flow, wallet| wallets.get(wallet).map_or(Outcome::Failed, |key| flow.sign_with(key, account));
        // A wallet outside that was locked lends us its key.
        let mut outcome = match outcome.number("wallet") {
            Some(lent) => signed(&mut running.flow, u32::try_from(lent).ok()?),
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
        Some(wire::with_news(wire::step(&step, account)?, notices))
    }
}

fn draw_nonce() -> Outcome {
    let mut nonce = [0; 32];
    getrandom::fill(&mut nonce).map_or(Outcome::Failed, |()| Outcome::Nonce(nonce))
}
