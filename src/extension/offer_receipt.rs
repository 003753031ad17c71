//! `offer-receipt`: the server signs what it offers, and later what it was paid ([specification]). Both are evidence
//! that a payer can keep and show; neither moves money.
//!
//! [specification]: https://github.com/x402-foundation/x402/blob/main/specs/extensions/extension-offer-and-receipt.md

use super::declared;
use crate::address::Address;
use crate::amount::Amount;
use crate::eip712::{Digest, digest};
use crate::json::{Object, Value};
use crate::keccak::keccak256;
use crate::signature::{SecretKey, Signature};
use alloc::string::{String, ToString as _};
use hex_literal::hex;

/// Its key in `extensions`.
pub const NAME: &str = "offer-receipt";

const VERSION: u64 = 1;
/// Of two that the specification has; the other is a JWS.
const FORMAT: &str = "eip712";

/// What a server offers, in the spelling of its challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What is sold.
    pub resource_url: String,
    /// As in `accepts`.
    pub scheme: String,
    /// As in `accepts`.
    pub network: String,
    /// As in `accepts`.
    pub asset: String,
    /// As in `accepts`.
    pub pay_to: String,
    /// As in `accepts`.
    pub amount: String,
    /// Seconds since the epoch; 0: without end.
    pub valid_until: u64,
}

/// What a server was paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// As in the payment.
    pub network: String,
    /// What was sold.
    pub resource_url: String,
    /// Who paid.
    pub payer: String,
    /// Seconds since the epoch.
    pub issued_at: u64,
    /// Empty where the server keeps it to itself, as is the default.
    pub transaction: String,
}

/// keccak256("Offer(uint256 version,string resourceUrl,string scheme,string network,string asset,string payTo,string amount,uint256 validUntil)")
const OFFER_TYPE_HASH: [u8; 32] = hex!("85143d3249b5e62ed5edd3d59a352d4e1181c775ff4f762f9c8a617f6bf1e97d");
/// keccak256("Receipt(uint256 version,string network,string resourceUrl,string payer,uint256 issuedAt,string transaction)")
const RECEIPT_TYPE_HASH: [u8; 32] = hex!("616944bc4bb51b3d5fcbba8c559f76d57a93ac1e0d6659f1abbe95f92300c06f");
/// Of `{name: "x402 offer", version: "1", chainId: 1}`.
const OFFER_DOMAIN: [u8; 32] = hex!("5dc92544087ab60aa57c539b9543f9282416b0dcf2c2ae0d4d0051052a9e61b6");
/// Of `{name: "x402 receipt", version: "1", chainId: 1}`.
const RECEIPT_DOMAIN: [u8; 32] = hex!("fd7f8c81cdd24b25c99ba22e191cee41d8809abbc12e8fdbd42fddfa5bb9e406");

impl Offer {
    /// The offer in an element of `accepts`, in its very spelling; `None` where something is missing there.
    #[must_use]
    pub fn of(accepts: &Value, resource_url: &str, valid_until: u64) -> Option<Self> {
        let text = |name| text_of(accepts, name);
        Some(Self {
            resource_url: resource_url.into(),
            scheme: text("scheme")?,
            network: text("network")?,
            asset: text("asset")?,
            pay_to: text("payTo")?,
            amount: text("amount")?,
            valid_until,
        })
    }

    /// Signed, with its place in `accepts` beside the signature: a hint, which nobody may rely on.
    #[must_use]
    pub fn signed_at(&self, key: &SecretKey, index: usize) -> Value {
        let mut signed = self.signed(key);
        if let (Value::Object(members), Ok(index)) = (&mut signed, u64::try_from(index)) {
            members.push(("acceptIndex".into(), index.into()));
        }
        signed
    }
}

/// The entry of a challenge's `extensions`, with a list of signed offers.
#[must_use]
pub fn offers(list: Value) -> Value {
    declared(Object::new().value("offers", list).end(), &[("offers", "array")], &["offers"])
}

/// The entry of a receipt's `extensions`.
#[must_use]
pub fn signed_receipt(receipt: Value) -> Value {
    declared(Object::new().value("receipt", receipt).end(), &[("receipt", "object")], &["receipt"])
}

/// The signed offers in a challenge's `extensions` whose form is read here, `eip712`; each may be anything else.
pub fn offers_in(extensions: &Value) -> impl Iterator<Item = &Value> {
    let list = extensions.get(NAME).and_then(|own| own.get("info")?.list("offers"));
    list.unwrap_or_default().iter().filter(|signed| is_read(signed))
}

/// The receipt in the entry of a receipt's `extensions`, whatever its form.
#[must_use]
pub fn receipt_in(entry: &Value) -> Option<&Value> {
    entry.get("info")?.get("receipt")
}

/// Whether something signed is of the form that is read here.
#[must_use]
pub fn is_read(signed: &Value) -> bool {
    signed.text("format") == Some(FORMAT)
}

/// What a signed offer says, whoever signed it.
#[must_use]
pub fn claimed_by(signed: &Value) -> Option<Offer> {
    Offer::from_value(signed.get("payload")?)
}

/// Something that a server puts its signature below.
pub trait Statement: Sized {
    /// What is signed.
    fn digest(&self) -> Digest;
    /// Its members.
    fn to_value(&self) -> Value;
    /// From its members; `None` where one is missing or of another kind.
    fn from_value(value: &Value) -> Option<Self>;

    /// The statement with its signature, in the form that goes over the wire.
    #[must_use]
    fn signed(&self, key: &SecretKey) -> Value {
        let signature = key.sign(&self.digest()).to_hex();
        Object::new().text("format", FORMAT).value("payload", self.to_value()).text("signature", &signature).end()
    }

    /// The statement in a signed form, and who signed it. `None`: not of the form `eip712`, or not signed by anybody.
    #[must_use]
    fn read_signed(value: &Value) -> Option<(Self, Address)> {
        if !is_read(value) {
            return None;
        }
        let statement = Self::from_value(value.get("payload")?)?;
        let signature = Signature::from_hex(value.get("signature")?.as_str()?).ok()?;
        let signer = signature.recover(&statement.digest()).ok()?;
        Some((statement, signer))
    }
}

fn text_hash(text: &str) -> [u8; 32] {
    keccak256(&[text.as_bytes()])
}

fn word(number: u64) -> [u8; 32] {
    Amount::from(number).to_be_bytes()
}

fn text_of(value: &Value, name: &str) -> Option<String> {
    Some(value.get(name)?.as_str()?.to_string())
}

impl Statement for Offer {
    fn digest(&self) -> Digest {
        let fields = [&self.resource_url, &self.scheme, &self.network, &self.asset, &self.pay_to, &self.amount];
        let [url, scheme, network, asset, pay_to, amount] = fields.map(|text| text_hash(text));
        let parts: [&[u8]; 9] = [
            &OFFER_TYPE_HASH,
            &word(VERSION),
            &url,
            &scheme,
            &network,
            &asset,
            &pay_to,
            &amount,
            &word(self.valid_until),
        ];
        digest(&OFFER_DOMAIN, &keccak256(&parts))
    }

    fn to_value(&self) -> Value {
        Object::new()
            .number("version", VERSION)
            .text("resourceUrl", &self.resource_url)
            .text("scheme", &self.scheme)
            .text("network", &self.network)
            .text("asset", &self.asset)
            .text("payTo", &self.pay_to)
            .text("amount", &self.amount)
            .number("validUntil", self.valid_until)
            .end()
    }

    fn from_value(value: &Value) -> Option<Self> {
        if value.get("version")?.as_u64()? != VERSION {
            return None;
        }
        let text = |name| text_of(value, name);
        Some(Self {
            resource_url: text("resourceUrl")?,
            scheme: text("scheme")?,
            network: text("network")?,
            asset: text("asset")?,
            pay_to: text("payTo")?,
            amount: text("amount")?,
            valid_until: match value.get("validUntil") {
                None => 0,
                Some(until) => until.as_u64()?,
            },
        })
    }
}

impl Statement for Receipt {
    fn digest(&self) -> Digest {
        let fields = [&self.network, &self.resource_url, &self.payer, &self.transaction];
        let [network, url, payer, transaction] = fields.map(|text| text_hash(text));
        let parts: [&[u8]; 7] =
            [&RECEIPT_TYPE_HASH, &word(VERSION), &network, &url, &payer, &word(self.issued_at), &transaction];
        digest(&RECEIPT_DOMAIN, &keccak256(&parts))
    }

    fn to_value(&self) -> Value {
        Object::new()
            .number("version", VERSION)
            .text("network", &self.network)
            .text("resourceUrl", &self.resource_url)
            .text("payer", &self.payer)
            .number("issuedAt", self.issued_at)
            .text("transaction", &self.transaction)
            .end()
    }

    fn from_value(value: &Value) -> Option<Self> {
        if value.get("version")?.as_u64()? != VERSION {
            return None;
        }
        let text = |name| text_of(value, name);
        Some(Self {
            network: text("network")?,
            resource_url: text("resourceUrl")?,
            payer: text("payer")?,
            issued_at: value.get("issuedAt")?.as_u64()?,
            transaction: match value.get("transaction") {
                None => String::new(),
                Some(transaction) => transaction.as_str()?.to_string(),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SecretKey {
        SecretKey::from_bytes(&mut hex!("59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d")).unwrap()
    }

    fn offer() -> Offer {
        Offer {
            resource_url: "https://api.example.com/premium-data".into(),
            scheme: "exact".into(),
            network: "eip155:8453".into(),
            asset: "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913".into(),
            pay_to: "0x209693Bc6afc0C5328bA36FaF03C514EF312287C".into(),
            amount: "10000".into(),
            valid_until: 1_703_123_516,
        }
    }

    fn receipt() -> Receipt {
        Receipt {
            network: "eip155:8453".into(),
            resource_url: "https://api.example.com/premium-data".into(),
            payer: "0x857b06519E91e3A54538791bDbb0E22373e36b66".into(),
            issued_at: 1_703_123_456,
            transaction: String::new(),
        }
    }

    #[test]
    fn s07_types_and_domains_are_those_that_are_written() {
        let offer = "Offer(uint256 version,string resourceUrl,string scheme,string network,string asset,string payTo,string amount,uint256 validUntil)";
        let receipt = "Receipt(uint256 version,string network,string resourceUrl,string payer,uint256 issuedAt,string transaction)";
        assert_eq!(OFFER_TYPE_HASH, text_hash(offer));
        assert_eq!(RECEIPT_TYPE_HASH, text_hash(receipt));
        let domain_type = text_hash("EIP712Domain(string name,string version,uint256 chainId)");
        for (name, separator) in [("x402 offer", OFFER_DOMAIN), ("x402 receipt", RECEIPT_DOMAIN)] {
            let expected = keccak256(&[&domain_type, &text_hash(name), &text_hash("1"), &word(1)]);
            assert_eq!(separator, expected, "{name}");
        }
    }

    /// Signed by the reference SDK with the same key.
    #[test]
    fn our_signatures_are_the_reference_sdks() {
        let digest = hex!("080c2947f96376213d3de762c32b1f56ba5869acdeb87c7a44b7be5d33d397ea");
        assert_eq!(offer().digest().as_bytes(), &digest);
        assert_eq!(
            offer().signed(&key()).get("signature").unwrap().as_str().unwrap(),
            "0x0025dd229b88e28b1c616efe9d85a973e01f1f8d8b1d9046ae3c2a35bcfe96793bfb6bc2f62cc25819679e6f8124744e62416ef4e06cd0a5713aede18e29532e1b"
        );
        let digest = hex!("060dbcfb87035bac821d6baa07fdab2ec109e6f06deaa00e037c2c1f4fbe6f8b");
        assert_eq!(receipt().digest().as_bytes(), &digest);
        assert_eq!(
            receipt().signed(&key()).get("signature").unwrap().as_str().unwrap(),
            "0xe884a0822c066fcf1781525032bde2577ec83e7ee674eb3611c8d3c21b6333e55e24bd474e1bc2e8f46bd7075d8afc3a8ebe06a597cb4df1ae7fb6db3f5b72501b"
        );
    }

    #[test]
    fn reading_names_the_signer_of_exactly_these_members() {
        let signed = offer().signed(&key());
        assert_eq!(Offer::read_signed(&signed), Some((offer(), key().address())));
        let signed = receipt().signed(&key());
        assert_eq!(Receipt::read_signed(&signed), Some((receipt(), key().address())));

        let text = offer().signed(&key()).to_string();
        for (good, bad) in [
            ("\"10000\"", "\"10001\""),
            ("1703123516", "1703123517"),
            ("\"exact\"", "\"upto\""),
            ("premium", "premiums"),
            ("eip155:8453", "eip155:84532"),
            ("0x209693Bc", "0x309693Bc"),
        ] {
            let forged = crate::json::parse(&text.replace(good, bad)).unwrap();
            assert!(Offer::read_signed(&forged).is_none_or(|(_, signer)| signer != key().address()), "{bad}");
        }
        for (good, bad) in [("\"eip712\"", "\"jws\""), ("\"version\":1", "\"version\":2"), ("\"10000\"", "10000")] {
            let other = crate::json::parse(&text.replace(good, bad)).unwrap();
            assert_eq!(Offer::read_signed(&other), None, "{bad}");
        }
    }
}
