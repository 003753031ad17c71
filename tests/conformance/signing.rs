//! Signing: deterministic, low-s, and from keys that are keys.

use crate::vectors::{bytes, cases, digest, folder, json, text, unhex, word};
use k256::ecdsa::{SigningKey, VerifyingKey};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use x402_wasm::eip712::Digest;
use x402_wasm::encoding::bare_hex;
use x402_wasm::keccak::keccak256;
use x402_wasm::signature::{SecretKey, SecretKeyError, Signature, SignatureError};

fn key(case: &Value) -> Result<SecretKey, SecretKeyError> {
    SecretKey::from_bytes(&mut word(case, "d"))
}

#[test]
fn s09_signatures_of_rfc_6979() {
    let Some(folder) = folder() else { return };
    let file = json(&folder.join("noble/ecdsa.json"));
    for case in cases(&file["valid"], 2019) {
        let (key, digest) = (key(case).unwrap(), digest(case, "m"));
        let signature = key.sign(&digest);
        assert_eq!(bare_hex(&[signature.r(), signature.s()].concat()), text(case, "signature"));
        assert_eq!(signature.recover(&digest), Ok(key.address()));
    }
}

/// The vectors give k itself: r is the abscissa of k·G.
#[test]
fn s09_k_is_that_of_rfc_6979() {
    let Some(folder) = folder() else { return };
    for case in cases(&json(&folder.join("noble/rfc6979.json")), 10) {
        let digest = Digest::from_bytes(Sha256::digest(text(case, "message")).into());
        let point = SigningKey::from_slice(&bytes(case, "k0")).unwrap().verifying_key().to_sec1_point(false);
        assert_eq!(key(case).unwrap().sign(&digest).r().as_slice(), point.x().unwrap().as_slice());
    }
}

#[test]
fn s09_what_is_no_key_does_not_sign() {
    let Some(folder) = folder() else { return };
    let (ecdsa, points) = (json(&folder.join("noble/ecdsa.json")), json(&folder.join("noble/points.json")));
    for case in cases(&ecdsa["invalid"]["sign"], 4).iter().chain(cases(&points["invalid"]["pointFromScalar"], 4)) {
        assert!(matches!(key(case), Err(SecretKeyError)), "{case}");
    }
    for case in cases(&points["valid"]["pointFromScalar"], 16) {
        let point = VerifyingKey::from_sec1_bytes(&bytes(case, "expected")).unwrap().to_sec1_point(false);
        let hash = keccak256(&[&point.as_bytes()[1..]]);
        assert_eq!(key(case).unwrap().address().as_bytes(), &hash[12..]);
    }
}

/// noble's invalid signatures, most of them invalid by a key that is no point. A recovering verifier is given no key:
/// for it they belong to nobody, or to somebody else.
#[test]
fn s05_invalid_signatures_belong_to_nobody() {
    let Some(folder) = folder() else { return };
    let mut expressible = 0;
    for case in cases(&json(&folder.join("noble/ecdsa.json"))["invalid"]["verify"], 25) {
        let Ok(rs) = <[u8; 64]>::try_from(bytes(case, "signature")) else { continue };
        let q = bytes(case, "Q");
        let owner = keccak256(&[&q[1..]]);
        for v in [27, 28] {
            let (r, s) = (rs[..32].try_into().unwrap(), rs[32..].try_into().unwrap());
            let Ok(signature) = Signature::from_parts(r, s, v) else { continue };
            expressible += 1;
            let recovered = signature.recover(&digest(case, "m"));
            assert_ne!(recovered.ok().map(|address| address.as_bytes().to_vec()), Some(owner[12..].to_vec()), "{case}");
        }
    }
    assert_eq!(expressible, 38);
}

/// ERC-2098 writes v into the top bit of s. No asset's contract of ours takes it; the same signature at length is fine.
#[test]
fn s02_the_compact_form_is_refused() {
    let Some(folder) = folder() else { return };
    for case in cases(&json(&folder.join("eips/erc-2098.json")), 2) {
        let key = SecretKey::from_bytes(&mut word(case, "privateKey")).unwrap();
        let message = text(case, "message");
        let digest = keccak256(&[format!("\x19Ethereum Signed Message:\n{}{message}", message.len()).as_bytes()]);
        let digest = Digest::from_bytes(digest);
        let long = Signature::from_parts(word(case, "r"), word(case, "s"), case["v"].as_u64().unwrap()).unwrap();
        assert_eq!(long, key.sign(&digest));
        assert_eq!(long.recover(&digest), Ok(key.address()));
        let compact = format!("{}{}", text(case, "r"), &text(case, "yParityAndS")[2..]);
        assert_eq!(unhex(&compact).len(), 64);
        assert_eq!(Signature::from_hex(&compact), Err(SignatureError));
    }
}
