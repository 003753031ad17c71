//! Addresses as they were spelled last: a spelling takes a hash, and who was here comes again.

use crate::address::Address;
use alloc::string::String;
use spin::Mutex;

const PLACES: usize = 32;

static SPELLED: Mutex<[Option<(Address, String)>; PLACES]> = Mutex::new([const { None }; PLACES]);

/// Appends the address as a JSON string, in the one spelling that we write. An address is remembered whole, so what is found
/// is what would be made.
pub(super) fn push_spelled(text: &mut String, address: &Address) {
    let [.., last] = address.as_bytes();
    // Nobody ever waits: there is one thread, and nothing in here calls out.
    let mut spelled = SPELLED.lock();
    let Some(place) = spelled.get_mut(usize::from(*last).wrapping_rem(PLACES)) else { return };
    if place.as_ref().is_none_or(|(known, _)| known != address) {
        *place = Some((*address, address.to_checksummed()));
    }
    if let Some((_, spelling)) = place {
        text.push('"');
        text.push_str(spelling);
        text.push('"');
    }
}
