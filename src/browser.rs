//! The door of the signing build: text in, text out, values by handle (S15, S73, S76). It converts and decides nothing.
//!
//! Every function answers with one JSON text. An error in it is `{code, message}`, which the shell throws.

mod wire;

use crate::address::Address;
use crate::dialect::{MAX_CHALLENGE_BYTES, v2};
use crate::door::slab::Slab;
use crate::json::{Value, parse};
use crate::payer::{Flow, Outcome, Payer, PayerError, Step};
use crate::signature::SecretKey;
use alloc::boxed::Box;
use alloc::string::{String, ToString as _};
use js_sys::Uint8Array;
use spin::Mutex;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroize as _;

static HELD: Mutex<Held> = Mutex::new(Held { wallets: Slab::new(), payers: Slab::new(), flows: Slab::new() });

/// Everything that lives longer than a call.
struct Held {
    /// Boxed: a key that moves leaves copies behind (S70).
    wallets: Slab<Box<SecretKey>>,
    payers: Slab<Purse>,
    flows: Slab<Running>,
}

struct Purse {
    payer: Payer,
    /// The local wallet that signs; 0 where a wallet outside does.
    wallet: u32,
}

struct Running {
    flow: Flow,
    purse: u32,
}

fn with_held(act: impl FnOnce(&mut Held) -> Option<Value>) -> String {
    // There is one thread: it is locked only where a getter of the page calls back into us.
    let answer = HELD.try_lock().and_then(|mut held| act(&mut held));
    answer.unwrap_or_else(wire::internal_error).to_string()
}

/// A new key that never leaves this module: `{wallet, address}`.
#[wasm_bindgen]
#[must_use]
pub fn wallet_generate() -> String {
    let mut bytes = [0; 32];
    // A draw that is no key comes about once in 2^128.
    let key = getrandom::fill(&mut bytes).ok().and_then(|()| SecretKey::from_bytes(&mut bytes).ok());
    keep_wallet(key, &PayerError::NoRandomness)
}

/// Takes a key and wipes it where it came from: `{wallet, address}`.
#[wasm_bindgen]
#[must_use]
#[allow(clippy::needless_pass_by_value, reason = "wasm-bindgen hands it over")]
pub fn wallet_import(key: Uint8Array) -> String {
    let mut bytes = [0; 32];
    let fits = key.length() == 32;
    if fits {
        key.copy_to(&mut bytes);
    }
    key.fill(0, 0, key.length());
    let key = SecretKey::from_bytes(&mut bytes).ok().filter(|_| fits);
    bytes.zeroize();
    keep_wallet(key, &PayerError::InvalidOption { option: "key", expected: "32 bytes that are a secp256k1 key" })
}

fn keep_wallet(key: Option<SecretKey>, error: &PayerError) -> String {
    let Some(key) = key else { return wire::error(error).to_string() };
    let address = key.address().to_string();
    with_held(|held| Some(wire::wallet(held.wallets.insert(Box::new(key)), &address)))
}

/// Wipes a key.
#[wasm_bindgen]
pub fn wallet_destroy(wallet: u32) {
    HELD.try_lock().and_then(|mut held| held.wallets.remove(wallet));
}

/// Opens a payer: `{payer, account}`. `wallet` is 0 for a wallet outside, whose account is `account`.
#[wasm_bindgen]
#[must_use]
#[allow(clippy::needless_pass_by_value, reason = "wasm-bindgen hands it over")]
pub fn payer_open(options: &str, wallet: u32, account: &str, saved: Option<String>) -> String {
    let expected = "an address: 0x and 40 hex digits";
    with_held(|held| {
        let account = match held.wallets.get(wallet) {
            Some(key) => Ok(key.address()),
            None if wallet == 0 => Address::from_wire(account)
                .map_err(|_| PayerError::InvalidOption { option: "wallet.address", expected }),
            None => Err(PayerError::WalletRefused),
        };
        let options = parse(options).ok()?;
        Some(match account.and_then(|account| Payer::open(&options, account, saved.as_deref())) {
            Ok(payer) => {
                let account = payer.account().to_string();
                wire::payer(held.payers.insert(Purse { payer, wallet }), &account)
            }
            Err(error) => wire::error(&error),
        })
    })
}

/// Forgets a payer. Its flows fail.
#[wasm_bindgen]
pub fn payer_close(payer: u32) {
    HELD.try_lock().and_then(|mut held| held.payers.remove(payer));
}

/// The tickets that it holds.
#[wasm_bindgen]
#[must_use]
pub fn payer_tickets(payer: u32, now: u32) -> String {
    with_held(|held| Some(held.payers.get(payer)?.payer.tickets(now.into())))
}

/// Its caps and what counts against them.
#[wasm_bindgen]
#[must_use]
pub fn payer_spending(payer: u32, now: u32) -> String {
    with_held(|held| Some(held.payers.get(payer)?.payer.spending(now.into())))
}

/// Takes a request up: `{flow}` and its first step.
#[wasm_bindgen]
#[must_use]
pub fn payer_begin(payer: u32, request: &str, now: u32) -> String {
    with_held(|held| {
        let request = wire::read_request(&parse(request).ok()?)?;
        let (flow, step) = Flow::begin(&held.payers.get(payer)?.payer, request, now.into());
        let flow = held.flows.insert(Running { flow, purse: payer });
        wire::begun(flow, wire::step(&step)?)
    })
}

/// Takes a step's outcome: the next step.
#[wasm_bindgen]
#[must_use]
pub fn payer_resume(flow: u32, outcome: &str, now: u32) -> String {
    with_held(|held| {
        let mut outcome = wire::read_outcome(&parse(outcome).ok()?)?;
        let running = held.flows.get_mut(flow)?;
        let Purse { payer, wallet } = held.payers.get_mut(running.purse)?;
        let step = loop {
            let step = running.flow.resume(payer, outcome, now.into());
            outcome = match &step {
                Step::Random => draw_nonce(),
                Step::Sign(payment) if *wallet != 0 => {
                    held.wallets.get(*wallet).map_or(Outcome::Failed, |key| Outcome::Signed(payment.sign(key).to_hex()))
                }
                _ => break step,
            };
        };
        let notices = running.flow.take_notices();
        let record = (step == Step::Save).then(|| payer.to_record());
        if matches!(step, Step::Done | Step::Fail { .. } | Step::Rethrow) {
            held.flows.remove(flow);
        }
        Some(wire::with_news(wire::step(&step)?, notices, record))
    })
}

/// Gives a request up: `{record}`, the state to save.
#[wasm_bindgen]
#[must_use]
pub fn payer_drop(flow: u32) -> String {
    with_held(|held| {
        let Running { flow, purse } = held.flows.remove(flow)?;
        let payer = &mut held.payers.get_mut(purse)?.payer;
        flow.abandon(payer);
        Some(wire::record(&payer.to_record()))
    })
}

/// What a `PAYMENT-REQUIRED`, `PAYMENT-SIGNATURE` or `PAYMENT-RESPONSE` header says: `{document}`.
#[wasm_bindgen]
#[must_use]
pub fn decode_header(header: &str) -> String {
    let document = v2::from_header(header, MAX_CHALLENGE_BYTES);
    document.map_or_else(|_| wire::error(&PayerError::UnreadableHeader), wire::document).to_string()
}

fn draw_nonce() -> Outcome {
    let mut nonce = [0; 32];
    getrandom::fill(&mut nonce).map_or(Outcome::Failed, |()| Outcome::Nonce(nonce))
}
