//! What is written is read again, and what is not quite it is refused.

use super::*;
use crate::asset::AssetTable;
use crate::dialect::read_office_body;
use crate::encoding::base64;
use crate::json::{JsonError, parse};
use crate::protocol::{AssetDomain, IssuedTicket, OfficeOffer, OwnRequirement, Permit2Refusal, Resource};
use crate::signature::{SecretKey, Signature};
use alloc::format;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

mod echo;

fn networks() -> impl Strategy<Value = Network> {
    (1_u64..(1 << 53)).prop_map(|id| Network::from_chain_id(id).unwrap())
}

fn addresses() -> impl Strategy<Value = Address> {
    any::<[u8; 20]>().prop_map(Address::from_bytes)
}

fn amounts() -> impl Strategy<Value = Amount> {
    any::<[u8; 32]>().prop_map(Amount::from_be_bytes)
}

/// Any text, but none that makes a header too long.
fn texts() -> impl Strategy<Value = String> {
    vec(any::<char>(), 0..24).prop_map(String::from_iter)
}

fn domains() -> impl Strategy<Value = AssetDomain> {
    (texts(), texts()).prop_map(|(name, version)| AssetDomain { name, version })
}

fn methods() -> impl Strategy<Value = Method> {
    prop_oneof![
        Just(Method::Eip3009),
        Just(Method::Permit2),
        addresses().prop_map(|facilitator| Method::Upto { facilitator })
    ]
}

prop_compose! {
    fn requirements()(
        method in methods(),
        network in networks(),
        asset in addresses(),
        amount in amounts(),
        pay_to in addresses(),
        max_timeout_seconds: u64,
        domain in of(domains()),
    ) -> PaymentRequirements {
        PaymentRequirements {
            method,
            network,
            asset,
            amount,
            pay_to,
            max_timeout_seconds,
            domain,
        }
    }
}

prop_compose! {
    fn payments()(
        requirements in requirements(), payer in addresses(), deadline: u64, nonce: [u8; 32], digest: [u8; 32],
    ) -> SignedPayment {
        let authorization = requirements.check(payer, nonce, deadline).unwrap();
        SignedPayment { offer: Offer { requirements, echo: None }, authorization, signature: signature(digest) }
    }
}

fn signature(digest: [u8; 32]) -> Signature {
    SecretKey::from_bytes(&mut [1; 32]).unwrap().sign(&crate::eip712::Digest::from_bytes(digest))
}

fn expected(payment: &SignedPayment) -> ReceivedPayment {
    let PaymentRequirements { method, network, asset, amount, pay_to, max_timeout_seconds, domain } =
        payment.offer.requirements.clone();
    let terms = Terms {
        method,
        network,
        asset: Some(asset),
        amount: Some(amount),
        pay_to: Some(pay_to),
        max_timeout_seconds: Some(max_timeout_seconds),
        domain,
    };
    let (authorization, seal) = (payment.authorization, payment.signature.into());
    ReceivedPayment { dialect: Dialect::V2, terms, authorization, seal }
}

fn own(requirements: PaymentRequirements) -> OwnRequirement {
    let asset = AssetTable::default().default_for(Network::from_chain_id(84_532).unwrap()).unwrap();
    OwnRequirement { requirements, asset }
}

prop_compose! {
    fn receipts()(
        payer in of(addresses()),
        network in of(networks()),
        transaction in of(any::<[u8; 32]>()),
        amount in of(amounts()),
        ticket in of((texts(), of(texts()), any::<u64>(), of(texts()))),
    ) -> Receipt {
        let issued = |(text, scope, expires_at, id)| IssuedTicket { text, scope, expires_at, id };
        Receipt { payer, network, transaction, amount, ticket: ticket.map(issued), signed: None }
    }
}

proptest! {
    #[test]
    fn s10_a_payment_is_read_as_it_was_written(payment in payments()) {
        let document = write_payment(&payment, None);
        prop_assert_eq!(read_payment_header(&to_header(&document)), Ok(expected(&payment)));
        let (dialect, read) = read_office_body(&document.to_string());
        prop_assert_eq!((dialect, read), (Dialect::V2, Ok(expected(&payment))));
    }

    /// Challenge, then the payment that echoes its element: both sides mean the same.
    #[test]
    fn s12_a_challenge_is_read_as_it_was_written_and_echoed(
        wanted in vec(requirements(), 0..4),
        resource in (texts(), of(texts()), of(texts())),
        office in of((texts(), of(texts()), of(any::<u64>()))),
        payer in addresses(), deadline: u64, nonce: [u8; 32], digest: [u8; 32],
    ) {
        let signature = signature(digest);
        let accepts: Vec<_> = wanted.iter().cloned().map(own).collect();
        let office = office.map(|(endpoint, scope, ttl)| OfficeOffer { endpoint, scope, ttl });
        let (url, description, mime_type) = (&*resource.0, resource.1.as_deref(), resource.2.as_deref());
        let challenge = Challenge {
            code: "payment_required",
            message: "not in this dialect",
            payer: None,
            resource: Resource { url, description, mime_type },
            accepts: &accepts,
            office: office.as_ref(),
        };
        let read = read_challenge(&write_challenge(&challenge)).unwrap();
        prop_assert_eq!(read.dialect, Dialect::V2);
        prop_assert_eq!(&read.office, &office);
        prop_assert_eq!(read.error.as_deref(), Some("Payment required"));
        let echoed = read.resource.unwrap();
        prop_assert_eq!(echoed.get("url").and_then(Value::as_str), Some(url));
        prop_assert_eq!(echoed.get("description").and_then(Value::as_str), description);
        prop_assert_eq!(echoed.get("mimeType").and_then(Value::as_str), mime_type);
        prop_assert_eq!(read.offers.iter().map(|offer| &offer.requirements).collect::<Vec<_>>(), wanted.iter().collect::<Vec<_>>());
        for offer in read.offers {
            let authorization = offer.requirements.check(payer, nonce, deadline).unwrap();
            let answer = SignedPayment { offer, authorization, signature };
            let header = to_header(&write_payment(&answer, None));
            prop_assert_eq!(read_payment_header(&header), Ok(expected(&answer)));
        }
    }

    #[test]
    fn a_receipt_is_read_as_it_was_written(receipt in receipts()) {
        prop_assert_eq!(read_receipt(&write_receipt(&receipt)), Some(receipt));
    }

    #[test]
    fn s68_no_header_panics(header in "[A-Za-z0-9+/=, -]{0,60}") {
        let _ = read_payment_header(&header);
        let _ = read_challenge(&header);
        let _ = read_receipt(&header);
    }
}

fn payment() -> SignedPayment {
    let asset = AssetTable::default().default_for(Network::from_chain_id(84_532).unwrap()).unwrap();
    let requirements = PaymentRequirements {
        method: Method::Eip3009,
        network: asset.network,
        asset: asset.address,
        amount: Amount::from(10_000),
        pay_to: Address::from_bytes([0x22; 20]),
        max_timeout_seconds: 60,
        domain: Some(AssetDomain::of(&asset)),
    };
    let key = SecretKey::from_bytes(&mut [1; 32]).unwrap();
    let authorization = TransferAuthorization {
        from: key.address(),
        to: requirements.pay_to,
        value: requirements.amount,
        valid_after: 0,
        valid_before: 1_700_000_060,
        nonce: [7; 32],
    };
    let signature = key.sign(&authorization.digest(&asset.domain()));
    SignedPayment { offer: Offer { requirements, echo: None }, authorization: authorization.into(), signature }
}

/// The good payment with one piece of its text replaced.
fn respelled(from: &str, to: &str) -> Result<ReceivedPayment, Refusal> {
    let text = write_payment(&payment(), None).to_string();
    assert!(text.contains(from), "{from} is not in {text}");
    read_payment_header(&base64(text.replacen(from, to, 1).as_bytes()))
}

#[test]
fn s10_an_amount_has_one_spelling() {
    let value = r#""value":"10000""#;
    for other in ["010000", "+10000", "-10000", "10000.0", "1e4", "0x2710", " 10000", "10_000", "", "١", "1\\u0000"] {
        let refused = respelled(value, &format!(r#""value":"{other}""#));
        assert_eq!(refused, Err(Refusal::Shape("value")), "{other}");
    }
    for other in ["10000", "null", "[10000]", "{}", "true"] {
        assert_eq!(respelled(value, &format!(r#""value":{other}"#)), Err(Refusal::Shape("value")), "{other}");
    }
}

#[test]
fn s13_nothing_hides_inside_an_authorization() {
    let closed = [
        (r#""payload":{"#, r#""payload":{"permit2Authorization":{},"#, "payload"),
        (r#""payload":{"#, r#""payload":{"__proto__":{},"#, "payload"),
        (r#""payload":{"#, r#""payload":{"Signature":"0x","#, "payload"),
        (r#""authorization":{"#, r#""authorization":{"x":1,"#, "authorization"),
        (r#""authorization":{"#, r#""authorization":{"From":1,"#, "authorization"),
        (r#""authorization":{"#, r#""authorization":{"from\u0000":1,"#, "authorization"),
        (r#""authorization":{"#, r#""authorization":{"salt":null,"#, "authorization"),
    ];
    for (from, to, name) in closed {
        assert_eq!(respelled(from, to), Err(Refusal::Shape(name)), "{to}");
    }
    let twice = respelled(r#""authorization":{"#, r#""authorization":{},"authorization":{"#);
    assert_eq!(twice, Err(Refusal::Json(JsonError::DuplicateMember)));
    // Outside of it, and in `extra`, others may say more.
    for (from, to) in [
        (r#""x402Version""#, r#""extensions":{"a":1},"__proto__":{"x":1},"x402Version""#),
        (r#""accepted":{"#, r#""accepted":{"outputSchema":null,"#),
        (r#""extra":{"#, r#""extra":{"assetTransferMethod":"eip3009","feePayer":"0x","#),
    ] {
        assert_eq!(respelled(from, to), Ok(expected(&payment())), "{to}");
    }
}

#[test]
fn s17_a_network_has_one_spelling() {
    for other in ["base-sepolia", "84532", "eip155:084532", "EIP155:84532", "eip155:84532 ", "eip155:0x14a34"] {
        let refused = respelled("eip155:84532", other);
        assert_eq!(refused, Err(Refusal::Shape("network")), "{other}");
    }
}

#[test]
fn s22_a_missing_member_is_named() {
    for name in ["accepted", "payload", "signature", "authorization", "from", "to", "nonce", "network", "payTo"] {
        let refused = respelled(&format!("\"{name}\":"), &format!("\"x{name}\":"));
        let Err(Refusal::Shape(named)) = refused else { panic!("{name}: {refused:?}") };
        let around = match name {
            "signature" | "authorization" => "payload",
            "from" | "to" | "nonce" => "authorization",
            other => other,
        };
        assert_eq!(named, around);
    }
    for other in ["1", "3", "\"2\"", "2.0", "[2]"] {
        assert_eq!(
            respelled("\"x402Version\":2", &format!("\"x402Version\":{other}")),
            Err(Refusal::Version),
            "{other}"
        );
    }
}

#[test]
fn s23_two_payments_are_none() {
    let header = to_header(&write_payment(&payment(), None));
    for joined in [format!("{header}, {header}"), format!("{header},"), format!(",{header}")] {
        assert_eq!(read_payment_header(&joined), Err(Refusal::Ambiguous));
    }
    for other in [format!(" {header}"), format!("{header} "), format!("{header}\n"), format!("{header}{header}")] {
        assert!(matches!(read_payment_header(&other), Err(Refusal::Encoding | Refusal::Json(_))), "{other}");
    }
}

/// Other schemes, methods and chains: nothing that we would sign, so nothing that is offered.
#[test]
fn s65_offers_of_other_kinds_are_left_out() {
    let ours = payment().offer.requirements;
    let element = write_requirements(&ours).unwrap().to_string();
    let others = [
        ("\"exact\"", "\"upto\""),
        ("\"exact\"", "\"batch-settlement\""),
        ("eip155:84532", "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp"),
        (r#""extra":{"#, r#""extra":{"assetTransferMethod":"erc7710","#),
    ]
    .map(|(from, to)| element.replacen(from, to, 1));
    assert!(others.iter().all(|other| *other != element));
    let accepts = [others.join(","), element].join(",");
    let document = parse(&format!(r#"{{"x402Version":2,"accepts":[{accepts},null,1,{{}}]}}"#)).unwrap();
    let challenge = read_challenge(&to_header(&document)).unwrap();
    assert_eq!(challenge.offers.iter().map(|offer| &offer.requirements).collect::<Vec<_>>(), [&ours]);
}

#[test]
fn s28_a_ticket_is_not_printed() {
    let text = "eyJhbGciOiJIUzI1NiJ9.claims.tag";
    let ticket = IssuedTicket { text: text.into(), scope: Some("matinee".into()), expires_at: 1, id: None };
    let receipt =
        Receipt { payer: None, network: None, transaction: None, amount: None, ticket: Some(ticket), signed: None };
    let printed = format!("{receipt:?}");
    assert!(printed.contains("matinee") && !printed.contains("claims"), "{printed}");
}

/// A good permit payment with one piece of its text replaced.
fn permit_respelled(method: Method, from: &str, to: &str) -> Result<ReceivedPayment, Refusal> {
    let mut payment = payment();
    let requirements = &mut payment.offer.requirements;
    (requirements.method, requirements.domain) = (method, None);
    payment.authorization = requirements.check(Address::from_bytes([0x11; 20]), [7; 32], 1_700_000_060).unwrap();
    let text = write_payment(&payment, None).to_string();
    assert!(text.contains(from), "{from} is not in {text}");
    read_payment_header(&base64(text.replacen(from, to, 1).as_bytes()))
}

#[test]
fn s13_nothing_hides_inside_a_permit_and_no_second_authorization_beside_it() {
    let upto = Method::Upto { facilitator: Address::from_bytes([0x33; 20]) };
    for method in [Method::Permit2, upto] {
        let shadow = r#""payload":{"authorization":{},"#;
        assert_eq!(permit_respelled(method, r#""payload":{"#, shadow), Err(Refusal::Shape("payload")));
        for (object, name) in [
            (r#""permit2Authorization":{"#, "permit2Authorization"),
            (r#""permitted":{"#, "permitted"),
            (r#""witness":{"#, "witness"),
        ] {
            let hidden = format!(r#"{object}"extra":"1","#);
            assert_eq!(permit_respelled(method, object, &hidden), Err(Refusal::Shape(name)), "{object}");
        }
    }
    let facilitator = r#""witness":{"facilitator":"0x3333333333333333333333333333333333333333","#;
    assert_eq!(permit_respelled(Method::Permit2, r#""witness":{"#, facilitator), Err(Refusal::Shape("witness")));
    assert_eq!(permit_respelled(upto, r#""facilitator":"#, r#""facilitato":"#), Err(Refusal::Shape("witness")));
}

#[test]
fn s14_a_permits_payload_is_of_the_kind_that_was_accepted() {
    let other_kind = permit_respelled(Method::Permit2, r#""assetTransferMethod":"permit2""#, r#""x":1"#);
    assert_eq!(other_kind, Err(Refusal::Shape("payload")));
    let other_scheme = permit_respelled(Method::Permit2, r#""scheme":"exact""#, r#""scheme":"upto""#);
    assert_eq!(other_scheme, Err(Refusal::Shape("facilitatorAddress")));
    let without_method = permit_respelled(
        Method::Upto { facilitator: Address::ZERO },
        r#""assetTransferMethod":"permit2""#,
        r#""assetTransferMethod":"eip3009""#,
    );
    assert_eq!(without_method, Err(Refusal::Scheme));
}

#[test]
fn s14_spender_and_asset_of_a_permit_are_no_choice() {
    let spender = r#""spender":"0x402085c248EeA27D92E8b30b2C58ed07f9E20001""#;
    let other = r#""spender":"0x4020A4f3b7b90ccA423B9fabCc0CE57C6C240002""#;
    let refused = |refusal| Err(Refusal::Permit2(refusal));
    assert_eq!(permit_respelled(Method::Permit2, spender, other), refused(Permit2Refusal::Spender));
    let token = r#""token":"0x036CbD53842c5426634e7929541eC2318f3dCF7e""#;
    let other = r#""token":"0x036CbD53842c5426634e7929541eC2318f3dCF7f""#;
    assert_eq!(permit_respelled(Method::Permit2, token, other), refused(Permit2Refusal::Asset));
}

#[test]
fn s10_the_numbers_of_a_permit_have_one_spelling() {
    let nonce = Amount::from_be_bytes([7; 32]).to_string();
    for (name, good) in
        [("amount", "10000"), ("nonce", nonce.as_str()), ("deadline", "1700000060"), ("validAfter", "0")]
    {
        let good = format!(r#""{name}":"{good}""#);
        for bad in ["\"01\"", "\"0x1\"", "\"1e3\"", "\"-1\"", "\"\"", "1", "null", "[]"] {
            let respelled = permit_respelled(Method::Permit2, &good, &format!(r#""{name}":{bad}"#));
            assert_eq!(respelled, Err(Refusal::Shape(name)), "{name} {bad}");
        }
    }
    let most = Amount::MAX.to_string();
    let with = |good: &str, name: &str| permit_respelled(Method::Permit2, good, &format!(r#""{name}":"{most}""#));
    assert_eq!(with(r#""deadline":"1700000060""#, "deadline"), Err(Refusal::LivesTooLong));
    let late = Err(Refusal::Permit2(Permit2Refusal::NotYetValid));
    assert_eq!(with(r#""validAfter":"0""#, "validAfter"), late);
}
