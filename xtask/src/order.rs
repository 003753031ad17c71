//! The order of a module's functions: each beside the one that is most like it, where a compressor needs fewest bytes to
//! tell the difference. It changes nothing that runs.

use std::collections::{HashMap, HashSet};

use anyhow::Result;
use wasmparser::{Parser, Payload, TypeRef};

/// Functions are alike as far as they have runs of so many bytes in common.
const RUN: usize = 4;
/// Calls name these many functions with one byte. The optimiser has put the ones that are called most there.
const SHORT: usize = 128;

/// The module with names for its functions that sort in this order. For one without names.
pub fn with_names_in_order(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut imported = 0;
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    imported += usize::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes()),
            _ => {}
        }
    }
    let mut names = vec![String::new(); bodies.len()];
    let short = SHORT.saturating_sub(imported).min(bodies.len());
    for (place, function) in chain(&bodies, short).into_iter().enumerate() {
        names[function] = format!("{place:05}");
    }
    let mut module = wasm.to_vec();
    module.extend(name_section(imported, &names));
    Ok(module)
}

/// Always to the one that has most in common with the last: all of the first `short`, then the others.
fn chain(bodies: &[&[u8]], short: usize) -> Vec<usize> {
    let likeness = likeness(bodies);
    let mut order = vec![0; usize::from(!bodies.is_empty())];
    for group in [0..short, short..bodies.len()] {
        let mut left: Vec<usize> = group.filter(|&function| function > 0).collect();
        while let Some(last) = order.last().copied() {
            // Of equals the first, so that every build has the same order.
            let Some(next) = left.iter().rev().copied().max_by_key(|&other| likeness[last][other]) else { break };
            left.retain(|&other| other != next);
            order.push(next);
        }
    }
    order
}

/// For every two functions, how many runs they have in common.
fn likeness(bodies: &[&[u8]]) -> Vec<Vec<u32>> {
    let mut users: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (function, body) in bodies.iter().enumerate() {
        for run in body.windows(RUN).collect::<HashSet<_>>() {
            users.entry(run).or_default().push(function);
        }
    }
    let mut likeness = vec![vec![0; bodies.len()]; bodies.len()];
    for users in users.values() {
        for &one in users {
            for &other in users {
                likeness[one][other] += 1;
            }
        }
    }
    likeness
}

/// Custom section `name`, subsection 1: function names.
fn name_section(first: usize, names: &[String]) -> Vec<u8> {
    let mut map = leb128(names.len());
    for (index, name) in names.iter().enumerate() {
        map.extend(leb128(first + index));
        map.extend(sized(name.as_bytes()));
    }
    let subsection = [vec![1], sized(&map)].concat();
    [vec![0], sized(&[sized(b"name"), subsection].concat())].concat()
}

fn sized(bytes: &[u8]) -> Vec<u8> {
    [leb128(bytes.len()), bytes.to_vec()].concat()
}

fn leb128(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = number.to_le_bytes()[0] & 0x7f;
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(0x80 | low);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_like_stand_side_by_side_and_the_first_group_stays_first() {
        let bodies: [&[u8]; 5] = [b"abcdefgh", b"0123456789", b"abcdefg", b"01234567", b"abcdef"];
        assert_eq!(chain(&bodies, 3), [0, 2, 1, 3, 4]);
        assert_eq!(chain(&[], 0), [0; 0]);
    }

    #[test]
    fn names_are_where_a_reader_looks_for_them() {
        let module = with_names_in_order(b"\0asm\x01\0\0\0").unwrap();
        assert_eq!(module[8..], *b"\0\x08\x04name\x01\x01\0");
        assert_eq!(name_section(200, &["a".into()]), *b"\0\x0c\x04name\x01\x05\x01\xc8\x01\x01a");
    }
}
