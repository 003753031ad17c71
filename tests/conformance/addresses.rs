//! EIP-55: what is written, and what configuration may say.

use crate::vectors::{cases, folder, json, text};
use x402_wasm::address::{Address, AddressError};

/// The checksummed spellings that we know from outside.
fn checksummed() -> Option<Vec<String>> {
    let folder = folder()?;
    let erc = json(&folder.join("eips/erc-55.json"));
    let accounts = json(&folder.join("ethers/accounts.json.gz"));
    let erc = cases(&erc, 8).iter().map(|text| text.as_str().unwrap().to_owned());
    let accounts = cases(&accounts, 1038).iter().map(|case| text(case, "checksumAddress").to_owned());
    Some(erc.chain(accounts).collect())
}

#[test]
fn s18_checksums_are_those_of_eip_55() {
    let Some(texts) = checksummed() else { return };
    for text in texts {
        let address = Address::from_config(&text).unwrap();
        assert_eq!(address.to_checksummed(), text);
        assert_eq!(Address::from_wire(&text.to_lowercase()), Ok(address));
        assert_eq!(Address::from_config(&text.to_lowercase()), Ok(address));
    }
}

/// One letter in the other case: on the wire the same address, in configuration a typing error. Where only one letter
/// stands, or all but one are of a case, the typing error writes one case and cannot be seen.
#[test]
fn s18_a_wrong_checksum_is_refused_in_configuration_only() {
    let Some(texts) = checksummed() else { return };
    let (mut refused, mut unseen) = (0, 0);
    for text in texts {
        let address = Address::from_wire(&text).unwrap();
        for (at, letter) in text.char_indices().skip(2).filter(|(_, letter)| letter.is_ascii_alphabetic()) {
            let mut wrong = text.clone();
            let flipped =
                if letter.is_ascii_lowercase() { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() };
            wrong.replace_range(at..=at, flipped.encode_utf8(&mut [0; 1]));
            assert_eq!(Address::from_wire(&wrong), Ok(address));
            let digits = &wrong[2..];
            if digits == digits.to_lowercase() || digits == digits.to_uppercase() {
                assert_eq!(Address::from_config(&wrong), Ok(address));
                unseen += 1;
            } else {
                assert_eq!(Address::from_config(&wrong), Err(AddressError::Checksum), "{wrong}");
                refused += 1;
            }
        }
    }
    assert_eq!((refused, unseen), (15_660, 6));
}
