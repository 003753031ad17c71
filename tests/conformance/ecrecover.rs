//! Ethereum's own tests of its precompile `ecrecover`, read for what they say about v, r, s and the hash.
//!
//! The precompile takes a high s, and the signature of most files has one: each case is asked as it stands (S3), and
//! then with its low twin, which belongs to the same signer.

use crate::vectors::{folder, json, text, unhex};
use serde_json::Value;
use std::fs;
use std::path::Path;
use x402_wasm::address::Address;
use x402_wasm::amount::Amount;
use x402_wasm::eip712::Digest;
use x402_wasm::signature::Signature;

const N: &str = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

#[derive(Debug, PartialEq, Clone, Copy)]
enum Twin {
    /// Recovers the account that the test is about.
    Sender,
    /// Recovers somebody else.
    Stranger,
    /// Nobody.
    Nobody,
}
use Twin::{Nobody, Sender, Stranger};

/// Each file exists for `CALL` and, with few exceptions, for `CALLCODE` with the same words. What is not here tests
/// gas or memory.
const FILES: [(&str, Twin); 13] = [
    ("CallEcrecover0", Sender),
    ("CallEcrecover1", Nobody),
    ("CallEcrecover2", Nobody),
    ("CallEcrecover3", Stranger),
    ("CallEcrecover80", Nobody),
    ("CallEcrecoverCheckLength", Sender),
    ("CallEcrecoverCheckLengthWrongV", Nobody),
    ("CallEcrecoverH_prefixed0", Stranger),
    ("CallEcrecoverR_prefixed0", Nobody),
    ("CallEcrecoverS_prefixed0", Stranger),
    ("CallEcrecoverV_prefixed0", Sender),
    ("CallEcrecoverInvalidSignature", Nobody),
    ("CallEcrecoverUnrecoverableKey", Nobody),
];

/// The four words that the contract hands to the precompile: hash, v, r, s.
type Input = [[u8; 32]; 4];

/// Runs the code up to its call: it only stores constants, or words of its input, in memory.
fn input_of(code: &[u8], call_data: &[u8]) -> Input {
    let (mut memory, mut stack) = (vec![0_u8; 256], Vec::new());
    let mut rest = code;
    while let Some((operation, tail)) = rest.split_first() {
        rest = tail;
        match operation {
            0x60..=0x7f => {
                let (digits, tail) = rest.split_at(usize::from(operation - 0x5f));
                rest = tail;
                let mut word = [0; 32];
                word[32 - digits.len()..].copy_from_slice(digits);
                stack.push(word);
            }
            0x35 => {
                let at = usize::from(stack.pop().unwrap()[31]);
                stack.push(call_data[at..at + 32].try_into().unwrap());
            }
            0x52 => {
                let at = usize::from(stack.pop().unwrap()[31]);
                memory[at..at + 32].copy_from_slice(&stack.pop().unwrap());
            }
            _ => break,
        }
    }
    [0, 32, 64, 96].map(|at| memory[at..at + 32].try_into().unwrap())
}

fn signature(v: [u8; 32], r: [u8; 32], s: [u8; 32]) -> Option<Signature> {
    Signature::from_parts(r, s, Amount::from_be_bytes(v).to_u64()?).ok()
}

/// The same signature with n − s and the other v.
fn low_twin([_, v, r, s]: Input) -> Option<Signature> {
    let n = Amount::from_be_bytes(unhex(N).try_into().unwrap());
    let flipped = n.checked_sub(Amount::from_be_bytes(s))?.to_be_bytes();
    let mut other_v = v;
    other_v[31] = 55_u8.checked_sub(v[31])?;
    signature(v, r, s).or_else(|| signature(other_v, r, flipped))
}

fn recover(input: Input, sender: Address) -> Twin {
    let digest = Digest::from_bytes(input[0]);
    match low_twin(input).and_then(|signature| signature.recover(&digest).ok()) {
        Some(address) if address == sender => Sender,
        Some(_) => Stranger,
        None => Nobody,
    }
}

fn only_test(file: &Path) -> Value {
    let Value::Object(tests) = json(file) else { panic!("no tests") };
    tests.into_iter().next().unwrap().1
}

fn code(test: &Value) -> Vec<u8> {
    let accounts = test["pre"].as_object().unwrap().values();
    accounts.map(|account| unhex(text(account, "code"))).find(|code| !code.is_empty()).unwrap()
}

fn sender(test: &Value) -> Address {
    Address::from_wire(text(&test["transaction"], "sender")).unwrap()
}

#[test]
fn s03_s04_s05_ecrecover_state_tests() {
    let Some(folder) = folder() else { return };
    let folder = folder.join("ecrecover");
    let files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    assert_eq!(files.filter(|file| file.extension().is_some_and(|end| end == "json")).count(), 36);
    let (mut asked, mut low) = (0, Vec::new());
    for (name, expected) in FILES {
        for variant in [name.to_owned(), name.replace("Call", "CALLCODE")] {
            let file = folder.join(format!("{variant}.json"));
            if !file.is_file() {
                continue;
            }
            let test = only_test(&file);
            let input = input_of(&code(&test), &[]);
            assert_eq!(recover(input, sender(&test)), expected, "{variant}");
            if variant == name && signature(input[1], input[2], input[3]).is_some() {
                low.push(variant);
            }
            asked += 1;
        }
    }
    assert_eq!(asked, 22);
    // As they stand, all others are refused for s or v.
    let names = ["CallEcrecover3", "CallEcrecover80", "CallEcrecoverS_prefixed0", "CallEcrecoverUnrecoverableKey"];
    assert_eq!(low, names);
}

/// A v with a bit set far above: nobody's, though its last byte is 28.
#[test]
fn s04_v_is_a_whole_word() {
    let Some(folder) = folder() else { return };
    let test = only_test(&folder.join("ecrecover/CALLCODEEcrecoverV_prefixedf0.json"));
    let data = test["transaction"]["data"].as_array().unwrap();
    assert_eq!(data.len(), 2);
    for data in data {
        let input = input_of(&code(&test), &unhex(data.as_str().unwrap()));
        assert_eq!(input[1][31], 28);
        assert_eq!(recover(input, sender(&test)), Nobody);
    }
}

/// r and s at and around n. The file's own labels tell which of them the precompile takes.
#[test]
fn s05_r_and_s_around_the_order() {
    let Some(folder) = folder() else { return };
    let test = only_test(&folder.join("ecrecover/CallEcrecover_Overflow.json"));
    let data = test["transaction"]["data"].as_array().unwrap();
    assert_eq!(data.len(), 8);
    for (index, data) in data.iter().enumerate() {
        let data = unhex(data.as_str().unwrap());
        let input = [4, 36, 68, 100].map(|at| data[at..at + 32].try_into().unwrap());
        let passes = text(&test["_info"]["labels"], &index.to_string()).starts_with("pass");
        assert_eq!(recover(input, sender(&test)) != Nobody, passes, "{index}");
        assert_eq!(signature(input[1], input[2], input[3]), None, "{index}: s is high in all of them");
    }
}
