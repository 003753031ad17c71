//! Addresses as they were spelled last: a spelling takes a hash, and who was here comes again.

use super::Address;
use alloc::string::String;
use spin::Mutex;

const PLACES: usize = 32;

static SPELLED: Mutex<[Option<(Address, String)>; PLACES]> = Mutex::new([const { None }; PLACES]);

impl Address {
    /// The spelling, out of memory where it is there. An address is remembered whole, so what is found is what would be
    /// made.
    pub(super) fn remembered(self) -> String {
        let [.., last] = self.0;
        // Whoever finds it taken makes the spelling: a worker has one thread, and there nobody does.
        let Some(mut spelled) = SPELLED.try_lock() else { return self.spelled_anew() };
        let Some(place) = spelled.get_mut(usize::from(last).wrapping_rem(PLACES)) else { return self.spelled_anew() };
        match place {
            Some((known, spelling)) if *known == self => spelling.clone(),
            _ => place.insert((self, self.spelled_anew())).1.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
                prop_assert_eq!(address.to_checksummed(), address.spelled_anew());
            }
        }
    }
}
