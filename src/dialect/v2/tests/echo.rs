//! What a payment echoes of its challenge is what came, to the last member and in its order: the reference compares it
//! deeply.

use super::*;
use crate::authorization::eip3009::TransferAuthorization;
use crate::encoding::bytes_from_base64;
use crate::signature::SecretKey;
use alloc::format;
use proptest::collection::{btree_map, vec};

/// Any JSON at all, four levels deep, its numbers in any spelling.
fn values() -> impl Strategy<Value = Value> {
    let number = "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,9})?([eE][+-]?[0-9]{1,3})?";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        number.prop_map(Value::Number),
        any::<String>().prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::Array),
            members("[^\u{0}]{0,8}", inner).prop_map(Value::Object)
        ]
    })
}

/// Members of these names in any order.
fn members(names: &'static str, value: impl Strategy<Value = Value>) -> impl Strategy<Value = Vec<(String, Value)>> {
    btree_map(names, value, 0..5).prop_map(|members| members.into_iter().collect::<Vec<_>>()).prop_shuffle()
}

/// The members that make an offer, between members that nobody knows, in any order.
fn offers() -> impl Strategy<Value = Value> {
    let known = Object::new()
        .text("scheme", "exact")
        .text("network", "eip155:84532")
        .text("amount", "10000")
        .text("asset", "0x036CbD53842c5426634e7929541eC2318f3dCF7e")
        .text("payTo", "0x209693Bc6afc0C5328bA36FaF03C514EF312287C")
        .number("maxTimeoutSeconds", 300)
        .end();
    let Value::Object(known) = known else { panic!("no object") };
    members("x-[a-z]{0,6}", values())
        .prop_flat_map(move |unknown| Just([known.clone(), unknown].concat()).prop_shuffle().prop_map(Value::Object))
}

fn signed(offer: Offer) -> SignedPayment {
    let key = SecretKey::from_bytes(&mut [1; 32]).unwrap();
    let to = offer.requirements.pay_to;
    let authorization = TransferAuthorization {
        from: key.address(),
        to,
        value: 1.into(),
        valid_after: 0,
        valid_before: 1,
        nonce: [7; 32],
    };
    let signature = key.sign(&crate::eip712::Digest::from_bytes([7; 32]));
    SignedPayment { offer, authorization: authorization.into(), signature }
}

proptest! {
    #[test]
    fn s12_what_a_payment_echoes_is_what_came(
        offer in offers(),
        resource in members("[a-z]{0,6}", values()),
        extensions in members("[a-z]{0,6}", values()),
    ) {
        let (resource, extensions) = (Value::Object(resource), Value::Object(extensions));
        let document = Object::new()
            .number("x402Version", 2)
            .value("resource", resource.clone())
            .value("accepts", Value::Array(Vec::from([offer.clone()])))
            .value("extensions", extensions.clone())
            .end();
        let challenge = read_challenge(&to_header(&document)).unwrap();
        let payment = write_payment(&signed(challenge.offers[0].clone()), Some(&challenge));
        // As a server gets it: through the header, and with every byte of it ASCII.
        let header = to_header(&payment);
        prop_assert!(bytes_from_base64(&header).unwrap().is_ascii());
        let sent = from_header(&header, usize::MAX).unwrap();
        prop_assert_eq!(sent.get("accepted"), Some(&offer));
        prop_assert_eq!(sent.get("resource"), Some(&resource));
        prop_assert_eq!(sent.get("extensions"), Some(&extensions));
        prop_assert_eq!(format!("{}", sent.get("accepted").unwrap()), offer.to_string(), "members keep their order");
    }
}
