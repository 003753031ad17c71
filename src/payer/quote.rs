//! What a server asks for, in words and units, before anybody decides: nothing is signed and nothing is kept (S64).

use super::PayerError;
use super::config::read_assets;
use super::deal::read_challenge;
use super::full::HAS_OUTSIDE_WALLETS;
use super::report::describe_offer;
use super::step::ResponseHead;
use super::url::Location;
use crate::asset::AssetTable;
use crate::json::{Object, Value};
use crate::protocol::Method;
use alloc::boxed::Box;
use alloc::vec::Vec;

/// Reads a 402: `{origin, offers, scope, ttl, description, reason}`, with the offers of assets that we know and that move
/// by their own EIP-3009. `None` where it is no challenge. `options` may have `assets`, as a payer's.
///
/// # Errors
/// What would keep a payer from paying whatever was offered: a plain origin, an unreadable challenge, a foreign office. Or
/// the build is the lean one.
pub fn quote(options: &Value, response: &ResponseHead) -> Result<Option<Value>, Box<PayerError>> {
    if !HAS_OUTSIDE_WALLETS {
        return Err(PayerError::NeedsFullBuild("quote").boxed());
    }
    let assets = AssetTable::with_own(read_assets(options)?);
    let place = Location::parse(&response.url).filter(Location::is_secure).ok_or(PayerError::InsecureOrigin.boxed())?;
    let Some(challenge) = read_challenge(response, &assets)? else { return Ok(None) };
    let office = challenge.office.as_ref();
    if office.is_some_and(|office| place.resolve(&office.endpoint).is_none()) {
        return Err(PayerError::ForeignOffice.boxed());
    }
    let mut offers = Vec::new();
    for offer in &challenge.offers {
        let wanted = &offer.requirements;
        if wanted.method == Method::Eip3009 && assets.find(wanted.network, wanted.asset).is_some() {
            offers.push(describe_offer(&assets, offer));
        }
    }
    let description = challenge.resource.as_ref().and_then(|resource| resource.text("description"));
    let told = Object::new()
        .text("origin", &place.origin)
        .value("offers", Value::Array(offers))
        .text_if("scope", office.and_then(|office| office.scope.as_deref()))
        .number_if("ttl", office.and_then(|office| office.ttl))
        .text_if("description", description)
        .text_if("reason", challenge.error.as_deref());
    Ok(Some(told.end()))
}
