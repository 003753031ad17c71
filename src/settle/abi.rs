//! What an asset's contract with EIP-3009 is called with, and how it answers.

use crate::amount::Amount;
use crate::authorization::eip3009::TransferAuthorization;
use crate::signature::Signature;
use alloc::vec::Vec;
use hex_literal::hex;

/// transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)
const TRANSFER_WITH_AUTHORIZATION: [u8; 4] = hex!("e3ee160e");
/// authorizationState(address,bytes32)
const AUTHORIZATION_STATE: [u8; 4] = hex!("e94a0102");

/// The call that cashes a check. Of the two overloads the one that every EIP-3009 contract has.
pub(super) fn transfer_with_authorization(authorization: &TransferAuthorization, signature: &Signature) -> Vec<u8> {
    let TransferAuthorization { from, to, value, valid_after, valid_before, nonce } = authorization;
    call(
        TRANSFER_WITH_AUTHORIZATION,
        &[
            from.to_word(),
            to.to_word(),
            value.to_be_bytes(),
            word(*valid_after),
            word(*valid_before),
            *nonce,
            word(signature.v().into()),
            signature.r(),
            signature.s(),
        ],
    )
}

/// The question whether the authorization was used or cancelled.
pub(super) fn authorization_state(authorization: &TransferAuthorization) -> Vec<u8> {
    call(AUTHORIZATION_STATE, &[authorization.from.to_word(), authorization.nonce])
}

/// A `bool` as a contract returns it: 0 or 1.
pub(super) fn bool_from_word(returned: &[u8; 32]) -> Option<bool> {
    match returned {
        [high @ .., truth @ (0 | 1)] if *high == [0; 31] => Some(*truth == 1),
        _ => None,
    }
}

pub(super) fn call(selector: [u8; 4], words: &[[u8; 32]]) -> Vec<u8> {
    let mut data = selector.to_vec();
    data.extend(words.iter().flatten());
    data
}

pub(super) fn word(number: u64) -> [u8; 32] {
    Amount::from(number).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Address;
    use crate::encoding::bare_hex;
    use crate::keccak::keccak256;

    fn authorization() -> TransferAuthorization {
        TransferAuthorization {
            from: Address::from_bytes(hex!("70997970C51812dc3A010C7d01b50e0d17dc79C8")),
            to: Address::from_bytes([0x22; 20]),
            value: Amount::from(10_000),
            valid_after: 1_699_999_400,
            valid_before: 1_700_000_300,
            nonce: [0x77; 32],
        }
    }

    #[test]
    fn the_selectors_are_those_of_the_written_signatures() {
        let selector = |text: &str| keccak256(&[text.as_bytes()])[..4].to_vec();
        let transfer =
            "transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)";
        assert_eq!(selector(transfer), TRANSFER_WITH_AUTHORIZATION);
        assert_eq!(selector("authorizationState(address,bytes32)"), AUTHORIZATION_STATE);
    }

    /// The expected text is viem's `encodeFunctionData` for the same arguments.
    #[test]
    fn s52_r_and_s_keep_their_leading_zeros() {
        let (mut r, mut s) = ([0xab; 32], [0x1c; 32]);
        (r[0], s[0]) = (0, 0);
        let signature = Signature::from_parts(r, s, 28).unwrap();
        let expected = "e3ee160e\
            00000000000000000000000070997970c51812dc3a010c7d01b50e0d17dc79c8\
            0000000000000000000000002222222222222222222222222222222222222222\
            0000000000000000000000000000000000000000000000000000000000002710\
            000000000000000000000000000000000000000000000000000000006553eea8\
            000000000000000000000000000000000000000000000000000000006553f22c\
            7777777777777777777777777777777777777777777777777777777777777777\
            000000000000000000000000000000000000000000000000000000000000001c\
            00ababababababababababababababababababababababababababababababab\
            001c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c";
        assert_eq!(bare_hex(&transfer_with_authorization(&authorization(), &signature)), expected);
    }

    #[test]
    fn the_state_is_asked_for_payer_and_nonce() {
        let expected = "e94a0102\
            00000000000000000000000070997970c51812dc3a010c7d01b50e0d17dc79c8\
            7777777777777777777777777777777777777777777777777777777777777777";
        assert_eq!(bare_hex(&authorization_state(&authorization())), expected);
    }

    #[test]
    fn s51_a_bool_is_one_word_of_zero_or_one() {
        let word = |last| {
            let mut word = [0; 32];
            word[31] = last;
            word
        };
        assert_eq!(bool_from_word(&word(0)), Some(false));
        assert_eq!(bool_from_word(&word(1)), Some(true));
        let mut high = word(1);
        high[0] = 1;
        for refused in [word(2), high] {
            assert_eq!(bool_from_word(&refused), None);
        }
    }
}
