//! The hostile corpus of payments: fed to the reader and the verifier, as a gate would.

use crate::vectors::{cases, folder, json, text};
use serde_json::Value;
use std::path::Path;
use x402_wasm::address::Address;
use x402_wasm::amount::Amount;
use x402_wasm::asset::AssetTable;
use x402_wasm::dialect::{MAX_HEADER_BYTES, v2};
use x402_wasm::encoding::{base64, bytes_from_base64};
use x402_wasm::json::JsonError;
use x402_wasm::network::Network;
use x402_wasm::protocol::{AssetDomain, Method, OwnRequirement, PaymentRequirements, Refusal};
use x402_wasm::verify::{VerifiedPayment, verify};

const ACCEPTED: &str = "";
const AMBIGUOUS: &str = "ambiguous_payment";
const ENCODING: &str = "invalid_encoding";
const JSON: &str = "invalid_json";
const NO_MATCH: &str = "no_matching_payment_requirements";
const PAYLOAD: &str = "invalid_payload";
const SIGNATURE: &str = "invalid_exact_evm_signature";
const TOO_LARGE: &str = "payment_too_large";
const VALUE: &str = "invalid_exact_evm_payload_authorization_value_mismatch";
const WRAPPED: &str = "contract_wallet_not_supported";

/// The code that each case is refused with. Where the corpus leaves the verdict open (`policy`), the rule that decides
/// stands beside it.
#[rustfmt::skip]
const DECISIONS: [(&str, &str); 55] = [
    ("valid", ACCEPTED),
    ("sig-high-s-same-v", SIGNATURE),
    ("sig-v-flip", SIGNATURE),
    ("sig-v-255", SIGNATURE),
    ("sig-r-zero", SIGNATURE),
    ("sig-r-n", SIGNATURE),
    ("sig-r-max", SIGNATURE),
    ("sig-empty", PAYLOAD),
    ("sig-len66", WRAPPED),
    ("sig-odd-hex", PAYLOAD),
    ("sig-0X-prefix", PAYLOAD), // S2
    ("sig-non-hex", PAYLOAD),
    ("sig-trailing-space", PAYLOAD),
    ("sig-erc6492-magic", WRAPPED),
    ("signer-other-from-claimed", SIGNATURE),
    ("to-zero", "invalid_exact_evm_recipient_mismatch"),
    ("overpay", VALUE),
    ("value-max", VALUE),
    ("expires-now", "invalid_exact_evm_payload_authorization_valid_before"),
    ("not-yet-valid", "invalid_exact_evm_payload_authorization_valid_after"),
    ("validBefore-max", "authorization_lives_too_long"), // S16
    ("wrong-contract-domain", SIGNATURE),
    ("wrong-version-domain", SIGNATURE),
    ("accepted-network-other", NO_MATCH),
    ("accepted-payTo-attacker", NO_MATCH),
    ("accepted-extra-domain-attacker", NO_MATCH),
    ("json-value-float", PAYLOAD),
    ("json-value-leading-zero", PAYLOAD),
    ("json-value-space", PAYLOAD),
    ("json-value-2^256", PAYLOAD),
    ("json-value-arabic-digits", PAYLOAD),
    ("json-value-empty", PAYLOAD),
    ("json-value-array", PAYLOAD),
    ("json-dup-value-last-good", JSON),
    ("json-dup-payload", JSON),
    ("json-case-key", PAYLOAD),
    ("json-proto", ACCEPTED), // S13, S15
    ("json-version-3", "invalid_x402_version"),
    ("json-nonce-short", PAYLOAD),
    ("json-from-lower", ACCEPTED), // S18, S38
    ("json-network-v1-name", PAYLOAD), // S17
    ("json-trailing-garbage", JSON),
    ("json-bom", JSON),
    ("json-deep-nesting", TOO_LARGE),
    ("json-permit2-shadow", PAYLOAD),
    ("json-nul-in-key", PAYLOAD),
    ("header-base64url", ENCODING), // S23
    ("header-extra-padding", ENCODING),
    ("header-inner-space", ENCODING),
    ("header-joined-duplicate", AMBIGUOUS),
    ("header-nonzero-trailing-bits", PAYLOAD),
    ("header-raw-json", AMBIGUOUS),
    ("header-gzip", JSON),
    ("header-1MiB", TOO_LARGE),
    ("header-json-array", PAYLOAD),
];

struct Corpus {
    now: u64,
    own: OwnRequirement,
    cases: Vec<Value>,
}

impl Corpus {
    fn read(folder: &Path) -> Self {
        let file = json(&folder.join("hostile/payments.json"));
        let wanted = &file["requirements"];
        let network = Network::from_caip2(text(wanted, "network")).unwrap();
        let asset = AssetTable::default().find(network, Address::from_config(text(wanted, "asset")).unwrap()).unwrap();
        let requirements = PaymentRequirements {
            method: Method::Eip3009,
            network,
            asset: asset.address,
            amount: Amount::from_decimal(text(wanted, "amount")).unwrap(),
            pay_to: Address::from_config(text(wanted, "payTo")).unwrap(),
            max_timeout_seconds: wanted["maxTimeoutSeconds"].as_u64().unwrap(),
            domain: Some(AssetDomain::of(&asset)),
        };
        Self {
            now: file["now"].as_u64().unwrap(),
            own: OwnRequirement { requirements, asset },
            cases: cases(&file["cases"], 55).to_vec(),
        }
    }

    fn header(&self, id: &str) -> &str {
        text(self.cases.iter().find(|case| case["id"] == id).unwrap(), "header")
    }

    /// With the least and with the default patience for clocks.
    fn verify(&self, header: &str) -> Result<VerifiedPayment, Refusal> {
        let payment = v2::read_payment_header(header)?;
        let [strict, patient] = [0, 600].map(|skew| verify(&payment, core::slice::from_ref(&self.own), self.now, skew));
        assert_eq!(strict, patient);
        strict
    }
}

#[test]
fn s01_s02_s03_s10_s12_s13_s14_s16_s17_s23_s24_hostile_payments() {
    let Some(folder) = folder() else { return };
    let corpus = Corpus::read(&folder);
    for (case, (id, expected)) in corpus.cases.iter().zip(DECISIONS) {
        assert_eq!(text(case, "id"), id);
        let code = match corpus.verify(text(case, "header")) {
            Ok(_) => ACCEPTED,
            Err(refusal) => {
                assert!((400..500).contains(&refusal.status()), "{id}");
                refusal.code()
            }
        };
        assert_eq!(code, expected, "{id}");
        match text(case, "expect").split([' ', '(']).next() {
            Some("accept") => assert_eq!(code, ACCEPTED, "{id}"),
            Some("reject") => assert_ne!(code, ACCEPTED, "{id}"),
            verdict => assert_eq!(verdict, Some("policy"), "{id}"),
        }
    }
}

/// Other spellings of the same signed payment are the same payment.
#[test]
fn s18_s38_other_spellings_have_the_same_replay_key() {
    let Some(folder) = folder() else { return };
    let corpus = Corpus::read(&folder);
    let key = |header: &str| corpus.verify(header).unwrap().replay_key();
    let valid = corpus.header("valid");
    for id in ["json-proto", "json-from-lower"] {
        assert_ne!(corpus.header(id), valid);
        assert_eq!(key(corpus.header(id)), key(valid), "{id}");
    }
}

/// The next letter of the alphabet at the end, so that bits are set which no byte uses; and no padding. The corpus has
/// the former for no valid payment.
#[test]
fn s23_a_valid_payment_has_one_base64() {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let Some(folder) = folder() else { return };
    let corpus = Corpus::read(&folder);
    let document = bytes_from_base64(corpus.header("valid")).unwrap();
    let mut refused = 0;
    for blanks in 0..3 {
        let canonical = base64(&[document.as_slice(), &b"  "[..blanks]].concat());
        assert!(corpus.verify(&canonical).is_ok());
        let (letters, padding) = canonical.split_at(canonical.trim_end_matches('=').len());
        if padding.is_empty() {
            continue;
        }
        let (start, last) = letters.split_at(letters.len() - 1);
        let next = ALPHABET.chars().skip_while(|letter| !last.contains(*letter)).nth(1).unwrap();
        for other in [format!("{start}{next}{padding}"), format!("{start}{next}"), letters.to_owned()] {
            assert_eq!(corpus.verify(&other), Err(Refusal::Encoding), "{other}");
            refused += 1;
        }
    }
    assert_eq!(refused, 6);
}

/// The corpus nests 10,000 levels, which the limit on size refuses. These fit, beside a valid payment.
#[test]
fn s12_s24_nesting_that_fits_into_a_header() {
    let Some(folder) = folder() else { return };
    let corpus = Corpus::read(&folder);
    let document = String::from_utf8(bytes_from_base64(corpus.header("valid")).unwrap()).unwrap();
    let nested = |levels: usize| {
        let extensions = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        base64(document.replacen('{', &format!("{{\"extensions\":{extensions},"), 1).as_bytes())
    };
    assert!(corpus.verify(&nested(15)).is_ok());
    for levels in [16, 2500] {
        assert!(nested(levels).len() <= MAX_HEADER_BYTES);
        assert_eq!(corpus.verify(&nested(levels)), Err(Refusal::Json(JsonError::TooDeep)));
    }
}

/// One byte below, at and above the limit: blanks at the end of the document.
#[test]
fn s24_the_limit_of_a_header_is_exact() {
    let Some(folder) = folder() else { return };
    let corpus = Corpus::read(&folder);
    let mut document = bytes_from_base64(corpus.header("valid")).unwrap();
    document.resize(MAX_HEADER_BYTES / 4 * 3, b' ');
    let header = base64(&document);
    assert_eq!(header.len(), MAX_HEADER_BYTES);
    assert!(corpus.verify(&header).is_ok());
    assert_eq!(corpus.verify(&format!("{header}=")), Err(Refusal::TooLarge));
    document.pop();
    assert!(corpus.verify(&base64(&document)).is_ok());
}
