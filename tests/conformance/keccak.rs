//! Keccak-256 against the Keccak team's answers and those of ethers.

use crate::vectors::{Record, bytes, cases, folder, json, known_answers, unhex};
use x402_wasm::keccak::keccak256;

fn field<'a>(record: &'a Record, name: &str) -> &'a str {
    record.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str()).unwrap()
}

/// The message, where it is of whole bytes: `Len` is in bits, and an empty message is written as one zero byte.
fn message(record: &Record) -> Option<Vec<u8>> {
    let bits: usize = field(record, "Len").parse().unwrap();
    let mut message = unhex(field(record, "Msg"));
    message.truncate(bits / 8);
    bits.is_multiple_of(8).then_some(message)
}

#[test]
fn s07_keccak_known_answers() {
    let Some(folder) = folder() else { return };
    for (file, count) in [("ShortMsgKAT_256.txt", 256), ("LongMsgKAT_256.txt", 65)] {
        let records = known_answers(&folder.join("keccak").join(file));
        assert_eq!(records.len(), count, "{file}");
        for record in &records {
            let message = message(record).unwrap();
            assert_eq!(keccak256(&[&message]).as_slice(), unhex(field(record, "MD")), "{file} {}", message.len());
            let (head, tail) = message.split_at(message.len() / 3);
            assert_eq!(keccak256(&[head, tail]).as_slice(), unhex(field(record, "MD")), "{file} {}", message.len());
        }
    }
}

/// The negative control: with the other padding every answer is another one.
#[test]
fn s07_keccak_is_not_sha3() {
    let Some(folder) = folder() else { return };
    let records = known_answers(&folder.join("keccak/ShortMsgKAT_SHA3-256.txt"));
    let whole: Vec<_> = records.iter().filter_map(|record| Some((record, message(record)?))).collect();
    assert_eq!((records.len(), whole.len()), (2048, 256));
    for (record, message) in whole {
        assert_ne!(keccak256(&[&message]).as_slice(), unhex(field(record, "MD")), "{}", message.len());
    }
}

#[test]
fn s07_keccak_as_ethers_has_it() {
    let Some(folder) = folder() else { return };
    for case in cases(&json(&folder.join("ethers/hashes.json.gz")), 516) {
        assert_eq!(keccak256(&[&bytes(case, "data")]).as_slice(), bytes(case, "keccak256"));
    }
}

#[test]
#[ignore = "hashes 1 GiB: for the nightly run"]
fn s07_keccak_of_a_gibibyte() {
    let Some(folder) = folder() else { return };
    let records = known_answers(&folder.join("keccak/ExtremelyLongMsgKAT_256.txt"));
    let [record] = records.as_slice() else { panic!("{} records", records.len()) };
    let repeat: usize = field(record, "Repeat").parse().unwrap();
    let chunk = field(record, "Text").repeat(1 << 14);
    let parts = vec![chunk.as_bytes(); repeat >> 14];
    assert_eq!(keccak256(&parts).as_slice(), unhex(field(record, "MD")));
}
