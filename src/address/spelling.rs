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

    #[test]
    fn addresses_that_share_a_place_are_spelled_each_for_itself() {
        let addresses = [1, 2, 3].map(|first| Address([first; 20])).map(|Address(mut bytes)| {
            bytes[19] = 7;
            Address(bytes)
        });
        for address in addresses.iter().chain(addresses.iter().rev()) {
            assert_eq!(address.remembered(), address.spelled_anew());
        }
    }
}
