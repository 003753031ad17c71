//! What is written is read again by both sides of x402-mock's dialect.

use super::*;
use crate::address::Address;
use crate::asset::Asset;
use crate::dialect::{read_challenge_body, read_office_body};
use crate::eip712::Digest;
use crate::encoding::hex;
use crate::protocol::Resource;
use crate::seal::Seal;
use crate::signature::SecretKey;
use alloc::format;
use alloc::string::String;
use proptest::option::of;
use proptest::prelude::*;

fn asset(chain_id: u64) -> Asset {
    AssetTable::default().default_for(Network::from_chain_id(chain_id).unwrap()).unwrap()
}

fn own(amount: Amount, pay_to: Address) -> OwnRequirement {
    let asset = asset(84_532);
    let requirements = PaymentRequirements {
        method: Method::Eip3009,
        network: asset.network,
        asset: asset.address,
        amount,
        pay_to,
        max_timeout_seconds: LIFETIME,
        domain: Some(AssetDomain::of(&asset)),
    };
    OwnRequirement { requirements, asset }
}

fn signature(digest: [u8; 32]) -> Signature {
    SecretKey::from_bytes(&mut [1; 32]).unwrap().sign(&Digest::from_bytes(digest))
}

prop_compose! {
    fn payments()(
        from: [u8; 20], to: [u8; 20], value: [u8; 32], valid_after: u64, valid_before: u64, nonce: [u8; 32],
        digest: [u8; 32], by_permit2: bool,
    ) -> SignedPayment {
        let (from, to, value) = (Address::from_bytes(from), Address::from_bytes(to), Amount::from_be_bytes(value));
        let mut requirements = own(value, to).requirements;
        let authorization = if by_permit2 {
            requirements.method = Method::PermitToPayee;
            requirements.check(from, nonce, valid_before).unwrap()
        } else {
            TransferAuthorization { from, to, value, valid_after, valid_before, nonce }.into()
        };
        let offer = Offer { requirements, echo: None };
        SignedPayment { offer, authorization, signature: signature(digest) }
    }
}

fn expected(payment: &SignedPayment) -> ReceivedPayment {
    let PaymentRequirements { method, network, asset, .. } = payment.offer.requirements;
    let asset = Some(asset);
    let terms = Terms { method, network, asset, amount: None, pay_to: None, max_timeout_seconds: None, domain: None };
    let (authorization, seal) = (payment.authorization, payment.signature.into());
    ReceivedPayment { dialect: Dialect::Mock, terms, authorization, seal }
}

fn body_of(challenge: &Challenge<'_>) -> String {
    write_challenge(challenge, Object::new()).end().to_string()
}

fn challenge<'a>(accepts: &'a [OwnRequirement], office: &'a OfficeOffer) -> Challenge<'a> {
    let resource = Resource { url: "https://cinema.example/films/1", description: None, mime_type: None };
    Challenge { code: "payment_required", message: "Pay.", payer: None, resource, accepts, office: Some(office) }
}

proptest! {
    #[test]
    fn s10_a_permit_is_read_as_it_was_written(payment in payments()) {
        let (dialect, read) = read_office_body(&write_permit(&payment).to_string());
        prop_assert_eq!((dialect, read), (Dialect::Mock, Ok(expected(&payment))));
    }

    /// Its Python client drops leading zeros of r and s. The same signature is meant.
    #[test]
    fn s52_dropped_zeros_are_read(payment in payments()) {
        let mut text = write_permit(&payment).to_string();
        for part in [payment.signature.r(), payment.signature.s()] {
            let digits = hex(&part);
            let short = format!("0x{}", digits[2..].trim_start_matches('0'));
            text = text.replace(&digits, &short);
        }
        prop_assert_eq!(read_office_body(&text).1, Ok(expected(&payment)));
    }

    /// Up to 15 digits: more do not survive the client's double, and are not offered.
    #[test]
    fn s11_a_challenge_is_read_as_it_was_written(amount in 0_u64..10_u64.pow(16), to: [u8; 20], path in "/[a-z?=&]{0,20}") {
        let own = [own(Amount::from(amount), Address::from_bytes(to))];
        let office = OfficeOffer { endpoint: path, scope: None, ttl: None };
        let read = read_challenge_body(&body_of(&challenge(&own, &office)), &AssetTable::default()).unwrap();
        prop_assert_eq!((read.dialect, read.office.as_ref(), read.error.as_deref()), (Dialect::Mock, Some(&office), Some("Missing authorization token")));
        match read.offers.as_slice() {
            [offer] => prop_assert_eq!(&offer.requirements, &own[0].requirements),
            offers => {
                prop_assert!(offers.is_empty());
                let digits = Amount::from(amount).to_units(6).replace('.', "");
                prop_assert!(digits.len() > 15, "{digits}");
            }
        }
    }

    #[test]
    fn an_offices_answer_is_read_as_it_was_written(
        text: String, scope in of(".{0,20}"), id in of("[0-9a-f]{64}"), now in 0_u64..1 << 40, lifetime in 0_u64..1 << 40,
    ) {
        let ticket = IssuedTicket { text, scope, expires_at: now + lifetime, id };
        let read = read_ticket(&write_ticket(&ticket, now).to_string(), now);
        prop_assert_eq!(read, Some(ticket));
    }
}

fn permit() -> (SignedPayment, String) {
    let own = own(Amount::from(10_000), Address::from_bytes([0x22; 20]));
    let authorization = TransferAuthorization {
        from: Address::from_bytes([0x11; 20]),
        to: own.requirements.pay_to,
        value: own.requirements.amount,
        valid_after: 1,
        valid_before: 1_700_000_600,
        nonce: [7; 32],
    };
    let offer = Offer { requirements: own.requirements, echo: None };
    let payment = SignedPayment { offer, authorization: authorization.into(), signature: signature([9; 32]) };
    let text = write_permit(&payment).to_string();
    (payment, text)
}

fn respelled(from: &str, to: &str) -> Result<ReceivedPayment, Refusal> {
    let (_, text) = permit();
    assert!(text.contains(from), "{from} is not in {text}");
    read_office_body(&text.replacen(from, to, 1)).1
}

/// This dialect's peers write integers as numbers and as strings; either is one spelling of its digits.
#[test]
fn s10_numbers_and_strings_of_digits_and_nothing_else() {
    let (payment, _) = permit();
    assert_eq!(respelled("\"value\":10000", "\"value\":\"10000\""), Ok(expected(&payment)));
    for other in ["1e4", "10000.0", "-10000", "\"010000\"", "\"1e4\"", "\" 10000\"", "\"0x2710\"", "null", "[]"] {
        assert_eq!(
            respelled("\"value\":10000", &format!("\"value\":{other}")),
            Err(Refusal::Shape("value")),
            "{other}"
        );
    }
}

#[test]
fn s13_nothing_hides_inside_a_permit() {
    let (payment, _) = permit();
    let refused = respelled(r#""permit":{"#, r#""permit":{"permit2":{},"#);
    assert_eq!(refused, Err(Refusal::Shape("permit")));
    let refused = respelled(r#""signature":{"#, r#""signature":{"yParity":0,"#);
    assert_eq!(refused, Err(Refusal::Shape("signature")));
    assert_eq!(respelled(r#""permit_type":"ERC3009""#, r#""permit_type":"Permit2""#), Err(Refusal::Shape("permit")));
    assert_eq!(respelled(r#""permit_type":"ERC3009""#, r#""permit_type":"EIP2612""#), Err(Refusal::Scheme));
    assert_eq!(respelled(r#""version""#, r#""note":1,"version""#), Ok(expected(&payment)));
}

#[test]
fn s04_v_is_a_number_27_or_28() {
    let (payment, _) = permit();
    let v = payment.signature.v();
    for other in ["0", "1", "26", "29", "283", "37"] {
        assert_eq!(respelled(&format!("\"v\":{v}"), &format!("\"v\":{other}")), Err(Refusal::Signature), "{other}");
    }
    for other in ["\"27\"", "27.0", "-27", "null"] {
        let refused = respelled(&format!("\"v\":{v}"), &format!("\"v\":{other}"));
        assert_eq!(refused, Err(Refusal::Shape("signature")), "{other}");
    }
}

/// The decimals and the domain of an asset are our table's (S11): a peer that says otherwise offers nothing.
#[test]
fn s11_s56_a_component_with_other_decimals_is_left_out() {
    let own = [own(Amount::from(10_000), Address::from_bytes([0x22; 20]))];
    let office = OfficeOffer { endpoint: "/token".into(), scope: None, ttl: None };
    let body = body_of(&challenge(&own, &office));
    let offers = |body: &str| read_challenge_body(body, &AssetTable::default()).unwrap().offers.len();
    assert_eq!(offers(&body), 1);
    for (from, to) in [
        ("\"token_decimals\":6", "\"token_decimals\":18"),
        ("\"token_decimals\":6", "\"token_decimals\":0"),
        ("eip155:84532", "eip155:8453"),
        ("eip155:84532", "eip155-84532"),
        ("\"evm\"", "\"svm\""),
        ("\"amount\":0.01", "\"amount\":0.0100001"),
        ("\"amount\":0.01", "\"amount\":-0.01"),
        ("\"amount\":0.01", "\"amount\":1e400"),
    ] {
        assert!(body.contains(from), "{from} is not in {body}");
        assert_eq!(offers(&body.replacen(from, to, 1)), 0, "{to}");
    }
    assert_eq!(offers(&body.replacen("\"amount\":0.01", "\"amount\":1e-2", 1)), 1);
}

/// The Permit2 permit of x402-mock 0.3.0's own client, as it was captured.
const CAPTURED: &str = r#"{"version":"Version 0.1","permit":{"permit_type":"Permit2","signature":{"signature_type":"Permit2","created_at":"2026-01-01T00:00:00.000000","v":28,"r":"0xba4563530283e3693446b3058d4b7b1891a348e9e6fc8f54866db19fecb7a838","s":"0x5d29e9242864b0e66cfb5e987718e17229a170b7a03095a0ac84be9cdb3c02b0"},"created_at":"2026-01-01T00:00:00.000000","owner":"0x70997970C51812dc3A010C7d01b50e0d17dc79C8","spender":"0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266","token":"0xbDeaD2A70Fe794D2f97b37EFDE497e68974a296d","amount":500000,"nonce":117659222921384406,"deadline":1795337863,"chain_id":11155111,"permit2_address":"0x000000000022D473030F116dDEE9F6B43aC78BA3"}}"#;

#[test]
fn s07_the_permit_of_the_real_client_is_read_and_recovers_its_owner() {
    let payment = read_office_body(CAPTURED).1.unwrap();
    let mut asset = asset(11_155_111);
    asset.address = payment.terms.asset.unwrap();
    assert_eq!(payment.terms.method, Method::PermitToPayee);
    let Seal::Key(signature) = payment.seal else { panic!("not a key's: {payment:?}") };
    assert_eq!(signature.recover(&payment.authorization.digest(&asset)), Ok(payment.authorization.payer()));
    assert_eq!(payment.authorization.payer().to_string(), "0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
    assert_eq!(Amount::from_be_bytes(*payment.authorization.nonce()).to_string(), "117659222921384406");
}

/// x402-mock trusted this member, and so settled at contracts of the payer's own.
#[test]
fn s14_another_permit2_is_refused() {
    let other =
        CAPTURED.replace("0x000000000022D473030F116dDEE9F6B43aC78BA3", "0x000000000022D473030F116dDEE9F6B43aC78BA4");
    assert_eq!(read_office_body(&other).1, Err(Refusal::Shape("permit2_address")));
    let absent = CAPTURED.replace(r#","permit2_address":"0x000000000022D473030F116dDEE9F6B43aC78BA3""#, "");
    assert!(read_office_body(&absent).1.is_ok());
}
