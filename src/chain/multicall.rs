//! Several calls in one, through [Multicall3]: the contract that has the same address on nearly every chain.
//!
//! [Multicall3]: https://github.com/mds1/multicall3

use super::abi::Call;
use crate::address::Address;
use crate::word::{WORD, bytes_at, push_bytes, size_at, size_of_bytes, size_word, word};
use alloc::vec::Vec;
use hex_literal::hex;

const MULTICALL3: Address = Address::from_bytes(hex!("cA11bde05977b3631167028862bE2a173976CA11"));
/// aggregate3((address,bool,bytes)[])
const AGGREGATE3: [u8; 4] = hex!("82ad56cb");

/// Words of a call before its data.
const HEAD: usize = 3 * WORD;

/// All of `calls` in their order. Where one fails that may not, the whole fails.
pub(crate) fn together(calls: &[(Call, MayFail)]) -> Call {
    let mut data = AGGREGATE3.to_vec();
    data.extend(size_word(WORD));
    data.extend(size_word(calls.len()));
    let mut place = calls.len().saturating_mul(WORD);
    for (call, _) in calls {
        data.extend(size_word(place));
        place = place.saturating_add(HEAD).saturating_add(size_of_bytes(call.data.len()));
    }
    for (call, may_fail) in calls {
        data.extend([call.to.to_word(), word(u64::from(*may_fail)), size_word(HEAD)].as_flattened());
        push_bytes(&mut data, &call.data);
    }
    Call { to: MULTICALL3, data }
}

pub(crate) type MayFail = bool;

/// Whether each call succeeded, and what it returned. `None` where nothing like that was returned, as from a chain that
/// does not have the contract.
pub(crate) fn read_results<const N: usize>(returned: &[u8]) -> Option<[(bool, &[u8]); N]> {
    let list = returned.get(size_at(returned, 0)?..)?;
    if size_at(list, 0)? != N {
        return None;
    }
    let results = list.get(WORD..)?;
    let mut read = [(false, &[][..]); N];
    for (index, result) in read.iter_mut().enumerate() {
        *result = read_result(results, index)?;
    }
    Some(read)
}

/// The same of as many calls as there were.
pub(crate) fn read_list(returned: &[u8], count: usize) -> Option<Vec<(bool, &[u8])>> {
    let list = returned.get(size_at(returned, 0)?..)?;
    if size_at(list, 0)? != count {
        return None;
    }
    let results = list.get(WORD..)?;
    (0..count).map(|index| read_result(results, index)).collect()
}

fn read_result(results: &[u8], index: usize) -> Option<(bool, &[u8])> {
    let own = results.get(size_at(results, index.checked_mul(WORD)?)?..)?;
    Some((size_at(own, 0)? == 1, bytes_at(own, size_at(own, WORD)?)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::{bare_hex, vec_from_hex};

    fn calls() -> [(Call, MayFail); 2] {
        let call = |byte, data: &[u8]| Call { to: Address::from_bytes([byte; 20]), data: data.to_vec() };
        [(call(0xfa, &[1, 2, 3]), true), (call(0xaa, &[4; 33]), false)]
    }

    /// The expected text is viem's `encodeFunctionData` for the same arguments.
    #[test]
    fn calls_are_laid_out_as_the_contract_reads_them() {
        let expected = "82ad56cb\
            0000000000000000000000000000000000000000000000000000000000000020\
            0000000000000000000000000000000000000000000000000000000000000002\
            0000000000000000000000000000000000000000000000000000000000000040\
            00000000000000000000000000000000000000000000000000000000000000e0\
            000000000000000000000000fafafafafafafafafafafafafafafafafafafafa\
            0000000000000000000000000000000000000000000000000000000000000001\
            0000000000000000000000000000000000000000000000000000000000000060\
            0000000000000000000000000000000000000000000000000000000000000003\
            0102030000000000000000000000000000000000000000000000000000000000\
            000000000000000000000000aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
            0000000000000000000000000000000000000000000000000000000000000000\
            0000000000000000000000000000000000000000000000000000000000000060\
            0000000000000000000000000000000000000000000000000000000000000021\
            0404040404040404040404040404040404040404040404040404040404040404\
            0400000000000000000000000000000000000000000000000000000000000000";
        assert_eq!(bare_hex(&together(&calls()).data), expected);
    }

    const RETURNED: &str = "0x\
        0000000000000000000000000000000000000000000000000000000000000020\
        0000000000000000000000000000000000000000000000000000000000000002\
        0000000000000000000000000000000000000000000000000000000000000040\
        00000000000000000000000000000000000000000000000000000000000000a0\
        0000000000000000000000000000000000000000000000000000000000000000\
        0000000000000000000000000000000000000000000000000000000000000040\
        0000000000000000000000000000000000000000000000000000000000000000\
        0000000000000000000000000000000000000000000000000000000000000001\
        0000000000000000000000000000000000000000000000000000000000000040\
        0000000000000000000000000000000000000000000000000000000000000002\
        abcd000000000000000000000000000000000000000000000000000000000000";

    #[test]
    fn each_call_has_its_result() {
        let returned = vec_from_hex(RETURNED).unwrap();
        let results = [(false, &[][..]), (true, &[0xab, 0xcd][..])];
        assert_eq!(read_results(&returned), Some(results));
        assert_eq!(read_list(&returned, 2), Some(results.to_vec()));
    }

    #[test]
    fn s51_what_is_not_a_list_of_results_is_none() {
        let returned = vec_from_hex(RETURNED).unwrap();
        assert_eq!(read_results::<3>(&returned), None);
        assert_eq!(read_results::<1>(&returned), None);
        for end in 0..returned.len() - 30 {
            assert_eq!(read_results::<2>(&returned[..end]), None, "{end}");
            assert_eq!(read_list(&returned[..end], 2), None, "{end}");
        }
        assert_eq!(read_results::<2>(&[0xff; 512]), None);
    }
}
