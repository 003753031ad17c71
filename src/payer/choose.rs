//! Which of a server's offers to take.

use super::budget::Budget;
use super::error::PayerError;
use crate::address::Address;
use crate::amount::Amount;
use crate::protocol::Offer;

/// The first offer, in the server's order, that may be paid (S58: to the origin that answered).
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
) -> Result<&'a Offer, (PayerError, Option<&'a Offer>)> {
    let mut closest = (PayerError::NoOffer, None);
    for offer in offers {
        match budget.check(&offer.requirements, origin, account, most, now) {
            Ok(_) => return Ok(offer),
            Err(error) if error.closeness() > closest.0.closeness() => closest = (error, Some(offer)),
            Err(_) => {}
        }
    }
    Err(closest)
}
