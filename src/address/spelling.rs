//! Addresses as they were spelled last: a spelling takes a hash, and who was here comes again.

use super::Address;
use alloc::string::String;
use spin::Mutex;

const PLACES: usize = 32;

static SPELLED: Mutex<[Option<(Address, String)>; PLACES]> = Mutex::new([const { None }; PLACES]);

/// Reads the one spelling of an address that we write. It is remembered with the whole address, so what is found is what
/// would be made.
pub(crate) fn spelled<T>(address: &Address, read: impl FnOnce(&str) -> T) -> T {
    let [.., last] = address.as_bytes();
    // Whoever would have to wait makes it anew.
    let mut memory = SPELLED.try_lock();
    let place = memory.as_mut().and_then(|places| places.get_mut(usize::from(*last).wrapping_rem(PLACES)));
    let Some(place) = place else { return read(&address.to_checksummed()) };
    match place {
        Some((known, spelling)) if known == address => read(spelling),
        _ => read(&place.insert((*address, address.to_checksummed())).1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spell::Spell as _;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    proptest! {
        /// Few last bytes, so that most addresses find another in their place.
        #[test]
        fn s18_no_address_gets_the_spelling_of_another(seen in prop::collection::vec((any::<[u8; 19]>(), 0_u8..3), 1..50)) {
            let addresses: Vec<Address> = seen
                .iter()
                .map(|(bytes, last)| {
                    let mut all = [*last; 20];
                    all[..19].copy_from_slice(bytes);
                    Address::from_bytes(all)
                })
                .collect();
            for address in addresses.iter().chain(addresses.iter().rev()) {
                prop_assert_eq!(address.spell(), address.to_checksummed());
            }
        }
    }

    #[test]
    fn one_that_is_spelled_while_another_is_read_is_spelled_too() {
        let [outer, inner] = [1, 2].map(|byte| Address::from_bytes([byte; 20]));
        let both = spelled(&outer, |outer| [outer, &inner.spell()].concat());
        assert_eq!(both, [outer.to_checksummed(), inner.to_checksummed()].concat());
    }
}
