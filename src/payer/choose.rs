//! Which of a server's offers to take.

use super::budget::Budget;
use super::error::PayerError;
use crate::address::Address;
use crate::amount::Amount;
use crate::protocol::Offer;
use alloc::boxed::Box;

/// The first offer, in the server's order, that may be paid (S58: to the origin that answered) and that `stands_by` says
/// the server stands by.
///
/// # Errors
/// What is against the offer that came closest, and that offer.
pub(super) fn choose<'a>(
    offers: &'a [Offer],
    budget: &Budget,
    origin: &str,
    account: Address,
    most: &Amount,
    now: u64,
    stands_by: impl Fn(&Offer) -> Result<(), Box<PayerError>>,
) -> Result<&'a Offer, (Box<PayerError>, Option<&'a Offer>)> {
    let mut closest = (PayerError::NoOffer.boxed(), None);
    for offer in offers {
        let allowed = budget.check(&offer.requirements, origin, account, most, now);
        match allowed.and_then(|_| stands_by(offer)) {
            Ok(()) => return Ok(offer),
            Err(error) if error.closeness() > closest.0.closeness() => closest = (error, Some(offer)),
            Err(_) => {}
        }
    }
    Err(closest)
}
