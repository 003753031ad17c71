//! How Multicall3 reads calls and writes results.

/// One of the calls of `aggregate3`.
pub(crate) struct Call<'a> {
    pub(crate) to: &'a [u8],
    pub(crate) may_fail: bool,
    pub(crate) data: &'a [u8],
}

pub(crate) const CONTRACT: [u8; 20] = [
    0xca, 0x11, 0xbd, 0xe0, 0x59, 0x77, 0xb3, 0x63, 0x11, 0x67, 0x02, 0x88, 0x62, 0xbe, 0x2a, 0x17, 0x39, 0x76, 0xca,
    0x11,
];
pub(crate) const AGGREGATE3: [u8; 4] = [0x82, 0xad, 0x56, 0xcb];

const WORD: usize = 32;

pub(crate) fn read_calls(data: &[u8]) -> Vec<Call<'_>> {
    assert_eq!(data[..4], AGGREGATE3);
    let arguments = &data[4..];
    let list = &arguments[size_at(arguments, 0)..];
    let heads = &list[WORD..];
    let read = |place: usize| {
        let own = &heads[size_at(heads, WORD * place)..];
        let start = size_at(own, 2 * WORD);
        let data = &own[start + WORD..][..size_at(own, start)];
        Call { to: &own[12..WORD], may_fail: size_at(own, WORD) == 1, data }
    };
    (0..size_at(list, 0)).map(read).collect()
}

/// Whether each call succeeded, and the word that it returned, if any.
pub(crate) fn write_results(results: &[(bool, Option<u64>)]) -> Vec<u8> {
    let mut data = [word(WORD as u64), word(results.len() as u64)].concat();
    let mut place = WORD * results.len();
    for (_, returned) in results {
        data.extend(word(place as u64));
        place += WORD * (3 + usize::from(returned.is_some()));
    }
    for (succeeded, returned) in results {
        let length = if returned.is_some() { WORD as u64 } else { 0 };
        data.extend([word(u64::from(*succeeded)), word(2 * WORD as u64), word(length)].concat());
        data.extend(returned.iter().flat_map(|number| word(*number)));
    }
    data
}

fn word(number: u64) -> [u8; WORD] {
    let mut word = [0; WORD];
    word[WORD - 8..].copy_from_slice(&number.to_be_bytes());
    word
}

fn size_at(data: &[u8], start: usize) -> usize {
    let digits = data[start + WORD - 8..start + WORD].try_into().unwrap();
    usize::try_from(u64::from_be_bytes(digits)).unwrap()
}
