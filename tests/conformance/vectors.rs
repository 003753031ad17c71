//! Finding and reading the vectors.

use serde_json::Value;
use std::env;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use x402_wasm::address::Address;
use x402_wasm::amount::Amount;
use x402_wasm::authorization::eip3009::TransferAuthorization;
use x402_wasm::eip712::{Digest, Domain};
use x402_wasm::encoding::{bytes_from_hex, vec_from_hex};
use x402_wasm::network::Network;

/// The folder of vectors: `X402_VECTORS`, or `shared/vectors` beside the repository. Without one a test has nothing
/// to say and passes, except where `CI=true` promises that all of them run.
pub(crate) fn folder() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors");
    let folder = env::var_os("X402_VECTORS").map_or_else(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    let is_ci = env::var_os("CI").is_some_and(|ci| ci == "true");
    assert!(!is_ci, "CI=true, and there are no vectors in {}", folder.display());
    println!("not tested: there are no vectors in {}", folder.display());
    None
}

/// A JSON file; `.gz` is unpacked.
pub(crate) fn json(file: &Path) -> Value {
    let reader = BufReader::new(File::open(file).unwrap());
    let read = if file.extension().is_some_and(|end| end == "gz") {
        serde_json::from_reader(BufReader::new(flate2::read::GzDecoder::new(reader)))
    } else {
        serde_json::from_reader(reader)
    };
    read.unwrap()
}

/// The cases of a JSON array, exactly as many as the source says: a reader that finds none must not pass.
pub(crate) fn cases(array: &Value, count: usize) -> &[Value] {
    let cases = array.as_array().unwrap();
    assert_eq!(cases.len(), count);
    cases
}

/// One `name = value` record of a Keccak known-answer file.
pub(crate) type Record = Vec<(String, String)>;

/// The records of a known-answer file, split at blank lines.
pub(crate) fn known_answers(file: &Path) -> Vec<Record> {
    let text = fs::read_to_string(file).unwrap().replace('\r', "");
    let record = |block: &str| -> Record {
        let lines = block.lines().filter_map(|line| line.split_once(" = "));
        lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    };
    text.split("\n\n").map(record).filter(|record| !record.is_empty()).collect()
}

/// The text of a member.
pub(crate) fn text<'a>(case: &'a Value, name: &str) -> &'a str {
    case[name].as_str().unwrap_or_else(|| panic!("no text `{name}` in {case}"))
}

/// The bytes of a member, in hex with or without `0x`.
pub(crate) fn bytes(case: &Value, name: &str) -> Vec<u8> {
    unhex(text(case, name))
}

/// The 32 bytes of a member.
pub(crate) fn word(case: &Value, name: &str) -> [u8; 32] {
    bytes(case, name).try_into().unwrap()
}

/// Hex with or without `0x`.
pub(crate) fn unhex(text: &str) -> Vec<u8> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    vec_from_hex(&format!("0x{digits}")).unwrap()
}

/// The digest of a member.
pub(crate) fn digest(case: &Value, name: &str) -> Digest {
    Digest::from_bytes(word(case, name))
}

/// The address of a member.
pub(crate) fn address(case: &Value, name: &str) -> Address {
    Address::from_wire(text(case, name)).unwrap()
}

/// The EIP-712 domain of a case that has all four members.
pub(crate) fn domain(domain: &Value) -> Domain<'_> {
    Domain {
        name: text(domain, "name"),
        version: text(domain, "version"),
        network: Network::from_chain_id(domain["chainId"].as_u64().unwrap()).unwrap(),
        verifying_contract: address(domain, "verifyingContract"),
    }
}

/// An authorization; `None` where its window is beyond 64 bits of seconds, which we cannot express.
pub(crate) fn authorization(message: &Value) -> Option<TransferAuthorization> {
    let uint = |name: &str| Amount::from_decimal(text(message, name)).unwrap();
    Some(TransferAuthorization {
        from: address(message, "from"),
        to: address(message, "to"),
        value: uint("value"),
        valid_after: uint("validAfter").to_u64()?,
        valid_before: uint("validBefore").to_u64()?,
        nonce: bytes_from_hex(text(message, "nonce")).unwrap(),
    })
}
