//! The header encoding of the reference, and what it takes for a payment.

use crate::vectors::{cases, folder, json, text};
use x402_wasm::dialect::v2;
use x402_wasm::encoding::bytes_from_base64;
use x402_wasm::json::parse;

#[test]
fn s12_a_header_of_the_reference_is_read_exactly() {
    let Some(folder) = folder() else { return };
    let file = json(&folder.join("x402/headers.json"));
    let entry = file.as_object().unwrap().values().find(|entry| entry["roundtrip"] == true).unwrap();
    let header = text(entry, "header");
    let document = String::from_utf8(bytes_from_base64(header).unwrap()).unwrap();
    let read: serde_json::Value = serde_json::from_str(&parse(&document).unwrap().to_string()).unwrap();
    let object = entry.as_object().unwrap().values().find(|value| value.is_object()).unwrap();
    assert_eq!(&read, object);
    assert_eq!(v2::read_challenge(header).unwrap().offers.len(), 1);
}

/// The reference decodes some of these without an error, among them `[]`, `null` and `1`. None is a payment.
#[test]
fn s12_s23_odd_headers_are_no_payments() {
    let Some(folder) = folder() else { return };
    let file = json(&folder.join("x402/headers.json"));
    let codes: Vec<_> = cases(&file["decodeBehaviour"], 11)
        .iter()
        .map(|case| {
            let refusal = v2::read_payment_header(text(case, "input")).unwrap_err();
            assert!((400..500).contains(&refusal.status()));
            (text(case, "input"), refusal.code())
        })
        .collect();
    let expected = [
        ("", "invalid_json"),
        ("!!!", "invalid_encoding"),
        ("e30", "invalid_encoding"),
        ("e30=", "invalid_payload"),
        ("bm90IGpzb24=", "invalid_json"),
        ("eyJ4NDAyVmVyc2lvbiI6Mn0", "invalid_encoding"),
        ("_-8=", "invalid_encoding"),
        ("eyJ4 NDAy", "invalid_encoding"),
        ("W10=", "invalid_payload"),
        ("bnVsbA==", "invalid_payload"),
        ("MQ==", "invalid_payload"),
    ];
    assert_eq!(codes, expected);
}
