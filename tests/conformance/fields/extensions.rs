//! What the extensions add: signed offers and receipts, as our payer reads them, and proofs, as our gate does.

use super::kinds::Kind;
use super::{Field, Message, document, field};
use x402_wasm::dialect::{MAX_CHALLENGE_BYTES, v2};
use x402_wasm::encoding::base64;
use x402_wasm::extension::offer_receipt::{Offer, Receipt, Statement as _};
use x402_wasm::extension::sign_in::{Invitation, Proof, SignInError, Statement};
use x402_wasm::json::{Object, Value};
use x402_wasm::network::Network;
use x402_wasm::signature::SecretKey;

const SIGNED: &str = "signed";
/// The signature is good for something, but not for this: it is another account's.
const ANOTHERS: &str = "another's";
const UNREADABLE: &str = "unreadable";
const NOW: u64 = 1_700_000_000;
const ORIGIN: &str = "https://cinema.example";

pub(super) fn all() -> Vec<Message> {
    vec![offer(), receipt(), proof()]
}

fn key() -> SecretKey {
    SecretKey::from_bytes(&mut [0x46; 32]).unwrap()
}

/// What is told of a statement of this kind.
fn reader<S: x402_wasm::extension::offer_receipt::Statement>() -> Box<dyn Fn(&str) -> String> {
    let signer = key().address();
    Box::new(move |text| {
        // In a header, as they come.
        let document = v2::from_header(&base64(text.as_bytes()), MAX_CHALLENGE_BYTES);
        let read = document.ok().and_then(|document| S::read_signed(&document));
        read.map_or(UNREADABLE, |(_, own)| if own == signer { SIGNED } else { ANOTHERS }).to_owned()
    })
}

/// A member that is signed: whatever can be read there instead is not what was signed.
fn signed(path: &'static str, kind: Kind) -> Field {
    field(path, kind, UNREADABLE).misspelled(ANOTHERS).out_of_range(ANOTHERS).other(ANOTHERS)
}

/// A number that is signed, and a number only in its one spelling.
fn counted(path: &'static str) -> Field {
    field(path, Kind::Number, UNREADABLE).other(ANOTHERS)
}

fn statement(name: &'static str, good: Value, payload: Vec<Field>, read: Box<dyn Fn(&str) -> String>) -> Message {
    let mut fields = vec![
        field("format", Kind::Exactly("eip712"), UNREADABLE),
        field("signature", Kind::Signature, UNREADABLE).other(ANOTHERS),
        // Whoever signs knows members that we do not; none of them is signed.
        field("payload", Kind::Object, UNREADABLE).stranger(SIGNED),
        field("payload.version", Kind::Number, UNREADABLE),
    ];
    fields.extend(payload);
    Message { name, good, accepted: SIGNED, twice: UNREADABLE, too_long: UNREADABLE, fields, read }
}

fn offer() -> Message {
    let offer = Offer {
        resource_url: "https://cinema.example/films/1".into(),
        scheme: "exact".into(),
        network: "eip155:84532".into(),
        asset: "0x036CbD53842c5426634e7929541eC2318f3dCF7e".into(),
        pay_to: "0x209693Bc6afc0C5328bA36FaF03C514EF312287C".into(),
        amount: "10000".into(),
        valid_until: NOW,
    };
    let payload = vec![
        signed("payload.resourceUrl", Kind::Text),
        signed("payload.scheme", Kind::Exactly("exact")),
        signed("payload.network", Kind::Caip2),
        signed("payload.asset", Kind::Address),
        signed("payload.payTo", Kind::Address),
        signed("payload.amount", Kind::Uint),
        // Without it the offer is one without an end, which is not what was signed.
        counted("payload.validUntil").absent(ANOTHERS),
        // A hint beside the signature.
        field("acceptIndex", Kind::Number, SIGNED),
    ];
    statement("signed offer", offer.signed_at(&key(), 0), payload, reader::<Offer>())
}

fn receipt() -> Message {
    let receipt = Receipt {
        network: "eip155:84532".into(),
        resource_url: "https://cinema.example/films/1".into(),
        payer: "0x209693Bc6afc0C5328bA36FaF03C514EF312287C".into(),
        issued_at: NOW,
        transaction: format!("0x{}", "ab".repeat(32)),
    };
    let payload = vec![
        signed("payload.network", Kind::Caip2),
        signed("payload.resourceUrl", Kind::Text),
        signed("payload.payer", Kind::Address),
        counted("payload.issuedAt"),
        signed("payload.transaction", Kind::Word).absent(ANOTHERS),
    ];
    statement("signed receipt", receipt.signed(&key()), payload, reader::<Receipt>())
}

/// Without what is optional, whose absence is part of what is signed.
fn proof() -> Message {
    const MALFORMED: &str = "invalid_siwx_malformed_signature";
    const CHAIN: &str = "invalid_siwx_unsupported_chain";
    const SIGNATURE: &str = "invalid_siwx_signature";

    let network = Network::from_chain_id(84_532).unwrap();
    let invitation = Invitation {
        domain: "cinema.example",
        uri: "https://cinema.example/films/1",
        statement: None,
        networks: &[network],
        nonce: "0123456789abcdef0123456789abcdef",
        issued_at: NOW,
    };
    let extensions = Object::new().value("sign-in-with-x", invitation.to_value()).end();
    let statement = Statement::invited(&extensions, ORIGIN).unwrap();
    let header = statement.to_header(key().address(), &key().sign(&statement.digest(key().address())));
    let good = x402_wasm::encoding::bytes_from_base64(&header).unwrap();
    let text = |path, other| field(path, Kind::Text, MALFORMED).other(other);
    let fields = vec![
        text("domain", "invalid_siwx_domain_mismatch"),
        text("uri", "invalid_siwx_uri_mismatch"),
        text("version", MALFORMED),
        // Another one is too short to be one.
        text("nonce", MALFORMED),
        text("issuedAt", "invalid_siwx_issued_at"),
        field("address", Kind::Address, MALFORMED).out_of_range(SIGNATURE).other(SIGNATURE),
        field("chainId", Kind::Caip2, MALFORMED).misspelled(CHAIN).out_of_range(CHAIN).other(SIGNATURE),
        field("type", Kind::Exactly("eip191"), MALFORMED).misspelled(CHAIN).other(CHAIN),
        field("signature", Kind::Signature, MALFORMED).other(SIGNATURE),
    ];
    Message {
        name: "proof of a sign-in",
        good: document(core::str::from_utf8(&good).unwrap()),
        accepted: SIGNED,
        twice: MALFORMED,
        too_long: MALFORMED,
        fields,
        read: Box::new(|text| {
            let proof = Proof::from_header(&base64(text.as_bytes()));
            proof.and_then(|proof| proof.verify(ORIGIN, NOW)).map_or_else(SignInError::code, |_| SIGNED).to_owned()
        }),
    }
}
