//! What is to be signed, in words and units (S64).

use super::PayerError;
use super::config::read_assets;
use super::full::IS_FULL;
use crate::address::Address;
use crate::amount::Amount;
use crate::asset::AssetTable;
use crate::json::{Object, Value};
use crate::network::Network;
use crate::time::to_rfc3339;
use alloc::boxed::Box;
use alloc::string::{String, ToString as _};

/// The facts, wherever they were read from.
struct Terms {
    network: Network,
    asset: Address,
    amount: Amount,
    payee: Address,
    deadline: Option<u64>,
}

/// Explains an offer as a payer tells it, or the typed data that a wallet is asked to sign; of the same payment in the same
/// words. `options` may have `assets`, as a payer's. The answer has `text`, and the facts that it is made of.
///
/// # Errors
/// It is neither, or the build is the lean one.
pub fn explain(options: &Value, subject: &Value) -> Result<Value, Box<PayerError>> {
    if !IS_FULL {
        return Err(PayerError::NeedsFullBuild("explain").boxed());
    }
    let assets = AssetTable::with_own(read_assets(options)?);
    let expected = "an offer, or the typed data of a payment";
    let terms = read_offer(subject).or_else(|| read_typed_data(subject));
    let terms = terms.ok_or(PayerError::InvalidOption { option: "offer", expected }.boxed())?;
    Ok(tell(&terms, &assets))
}

fn read_offer(offer: &Value) -> Option<Terms> {
    Some(Terms {
        network: Network::from_caip2(offer.text("network")?).ok()?,
        asset: Address::from_wire(offer.text("asset")?).ok()?,
        amount: Amount::from_decimal(offer.text("atomicAmount")?).ok()?,
        payee: Address::from_wire(offer.text("payTo")?).ok()?,
        deadline: offer.number("validBefore"),
    })
}

/// Of EIP-3009, or of a permit with a witness.
fn read_typed_data(data: &Value) -> Option<Terms> {
    let (domain, message) = (data.get("domain")?, data.get("message")?);
    let network = Network::from_chain_id(domain.number("chainId")?).ok()?;
    let (permitted, witness) = (message.get("permitted"), message.get("witness"));
    let address = |value: &Value, name| Address::from_wire(value.text(name)?).ok();
    let amount = |value: &Value, name| Amount::from_decimal(value.text(name)?).ok();
    let deadline = message.text("validBefore").or_else(|| message.text("deadline"));
    Some(Terms {
        network,
        asset: permitted
            .map_or_else(|| address(domain, "verifyingContract"), |permitted| address(permitted, "token"))?,
        amount: permitted.map_or_else(|| amount(message, "value"), |permitted| amount(permitted, "amount"))?,
        payee: match (permitted, witness) {
            (None, _) => address(message, "to")?,
            (Some(_), Some(witness)) => address(witness, "to")?,
            (Some(_), None) => address(message, "spender")?,
        },
        deadline: deadline.and_then(|seconds| seconds.parse().ok()),
    })
}

fn tell(terms: &Terms, assets: &AssetTable) -> Value {
    let Terms { network, asset, amount, payee, deadline } = terms;
    let known = assets.find(*network, *asset);
    let units = known.as_ref().map(|asset| amount.to_units(asset.decimals));
    let (chain, payee) = (network.v1_name().map_or_else(|| network.to_string(), Into::into), payee.to_string());
    let is_test = is_for_tests(&chain);
    let money = match (&known, &units) {
        (Some(asset), Some(units)) => [units, " ", &asset.symbol].concat(),
        _ => [&amount.to_string(), " atomic units of an unknown asset, ", &asset.to_string()].concat(),
    };
    let place = if is_test { ", a test network where money is worth nothing" } else { "" };
    let until = deadline.map(to_rfc3339);
    let limit = until.as_deref().map_or_else(String::new, |until| [" until ", until].concat());
    let words = [
        "Pay ",
        &money,
        " on ",
        &chain,
        place,
        ", to ",
        &payee,
        ". Whoever holds the signature can take that once",
        &limit,
        ".",
    ];
    Object::new()
        .text("text", &words.concat())
        .text_if("amount", units.as_deref())
        .text_if("symbol", known.as_ref().map(|asset| &*asset.symbol))
        .text("chain", &chain)
        .value("isTest", is_test.into())
        .text("payTo", &payee)
        .text_if("until", until.as_deref())
        .end()
}

/// By the name of the chain; what has none that we know is taken for real.
fn is_for_tests(chain: &str) -> bool {
    ["sepolia", "amoy", "fuji", "testnet"].iter().any(|name| chain.ends_with(name))
}
