//! What contracts are called with, and how they answer.

use crate::address::Address;
use crate::amount::Amount;
use crate::authorization::eip3009::TransferAuthorization;
use crate::eip712::Digest;
use crate::seal::{Deployment, Seal};
use crate::word::{push_bytes, size_word, word};
use alloc::vec::Vec;
use hex_literal::hex;

/// transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)
const TRANSFER_WITH_AUTHORIZATION: [u8; 4] = hex!("e3ee160e");
/// transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)
const TRANSFER_WITH_ANY_SEAL: [u8; 4] = hex!("cf092995");
/// authorizationState(address,bytes32)
const AUTHORIZATION_STATE: [u8; 4] = hex!("e94a0102");
/// balanceOf(address)
const BALANCE_OF: [u8; 4] = hex!("70a08231");
/// allowance(address,address)
const ALLOWANCE: [u8; 4] = hex!("dd62ed3e");
/// isValidSignature(bytes32,bytes), which is also what it returns where the answer is yes
const IS_VALID_SIGNATURE: [u8; 4] = hex!("1626ba7e");

/// A contract and what it is called with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) to: Address,
    pub(crate) data: Vec<u8>,
}

/// Of the two overloads the one that every EIP-3009 contract has, where the seal fits into it.
pub(crate) fn transfer_with_authorization(authorization: &TransferAuthorization, seal: &Seal) -> Vec<u8> {
    let TransferAuthorization { from, to, value, valid_after, valid_before, nonce } = authorization;
    let fields = [from.to_word(), to.to_word(), value.to_be_bytes(), word(*valid_after), word(*valid_before), *nonce];
    if let Seal::Key(signature) = seal {
        let parts = [word(signature.v().into()), signature.r(), signature.s()];
        return call(TRANSFER_WITH_AUTHORIZATION, &[&fields[..], &parts].concat());
    }
    let mut data = call(TRANSFER_WITH_ANY_SEAL, &[&fields[..], &[size_word(7 * 32)]].concat());
    push_bytes(&mut data, &seal.to_bytes());
    data
}

/// The call that makes an account exist.
pub(crate) fn deploy(deployment: &Deployment) -> Call {
    Call { to: deployment.factory, data: deployment.calldata.clone() }
}

/// The question to an account's contract whether it stands by a signature (ERC-1271).
pub(crate) fn is_valid_signature(account: Address, digest: &Digest, signature: &[u8]) -> Call {
    let mut data = call(IS_VALID_SIGNATURE, &[*digest.as_bytes(), size_word(64)]);
    push_bytes(&mut data, signature);
    Call { to: account, data }
}

/// Whether the answer to [`is_valid_signature`] is yes: the one word for it, and nothing else.
pub(crate) fn is_yes(returned: &[u8]) -> bool {
    returned.split_first_chunk().is_some_and(|(yes, rest)| *yes == IS_VALID_SIGNATURE && rest == [0; 28])
}

/// The question whether the authorization was used or cancelled.
pub(crate) fn authorization_state(authorization: &TransferAuthorization) -> Vec<u8> {
    call(AUTHORIZATION_STATE, &[authorization.from.to_word(), authorization.nonce])
}

/// The question how much of an asset an account has.
pub(crate) fn balance_of(asset: Address, account: Address) -> Call {
    Call { to: asset, data: call(BALANCE_OF, &[account.to_word()]) }
}

/// The question how much of an owner's asset somebody else may take.
pub(crate) fn allowance(asset: Address, owner: Address, spender: Address) -> Call {
    Call { to: asset, data: call(ALLOWANCE, &[owner.to_word(), spender.to_word()]) }
}

/// A `bool` as a contract returns it: 0 or 1.
pub(crate) fn bool_from_word(returned: &[u8; 32]) -> Option<bool> {
    match returned {
        [high @ .., truth @ (0 | 1)] if *high == [0; 31] => Some(*truth == 1),
        _ => None,
    }
}

/// A `uint256` as a contract returns it.
pub(crate) fn amount_from_word(returned: &[u8]) -> Option<Amount> {
    Some(Amount::from_be_bytes(returned.try_into().ok()?))
}

pub(super) fn call(selector: [u8; 4], words: &[[u8; 32]]) -> Vec<u8> {
    let mut data = selector.to_vec();
    data.extend(words.as_flattened());
    data
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::bare_hex;
    use crate::keccak::keccak256;
    use crate::signature::Signature;

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
        let transfer = "transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)";
        assert_eq!(selector(transfer), TRANSFER_WITH_ANY_SEAL);
        assert_eq!(selector("authorizationState(address,bytes32)"), AUTHORIZATION_STATE);
        assert_eq!(selector("balanceOf(address)"), BALANCE_OF);
        assert_eq!(selector("allowance(address,address)"), ALLOWANCE);
        assert_eq!(selector("isValidSignature(bytes32,bytes)"), IS_VALID_SIGNATURE);
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
        assert_eq!(bare_hex(&transfer_with_authorization(&authorization(), &signature.into())), expected);
    }

    /// The expected text is viem's `encodeFunctionData` for the same arguments.
    #[test]
    fn s08_a_contracts_seal_travels_as_bytes() {
        let expected = "cf092995\
            00000000000000000000000070997970c51812dc3a010c7d01b50e0d17dc79c8\
            0000000000000000000000002222222222222222222222222222222222222222\
            0000000000000000000000000000000000000000000000000000000000002710\
            000000000000000000000000000000000000000000000000000000006553eea8\
            000000000000000000000000000000000000000000000000000000006553f22c\
            7777777777777777777777777777777777777777777777777777777777777777\
            00000000000000000000000000000000000000000000000000000000000000e0\
            0000000000000000000000000000000000000000000000000000000000000042\
            abababababababababababababababababababababababababababababababab\
            abababababababababababababababababababababababababababababababab\
            abab000000000000000000000000000000000000000000000000000000000000";
        let seal = Seal::Contract([0xab; 66].to_vec());
        assert_eq!(bare_hex(&transfer_with_authorization(&authorization(), &seal)), expected);
    }

    #[test]
    fn s08_only_the_one_word_is_a_yes() {
        let mut yes = [0; 32];
        yes[..4].copy_from_slice(&IS_VALID_SIGNATURE);
        assert!(is_yes(&yes));
        let (mut dirty, mut one) = (yes, [0; 32]);
        (dirty[31], one[31]) = (1, 1);
        let mut shifted = [0; 32];
        shifted[28..].copy_from_slice(&IS_VALID_SIGNATURE);
        for no in [&[][..], &yes[..4], &yes[..31], &[&yes[..], &[0]].concat(), &dirty, &one, &shifted, &[0xff; 32]] {
            assert!(!is_yes(no), "{no:02x?}");
        }
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
