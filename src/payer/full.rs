//! What only the full build of a payer has, because most pages do without it: signing in, and looking at what servers sign.
//! (Permit2 is a feature of its own: the other builds have it too.)
//!
//! Both builds compile the same code. In the lean one nothing of this can be on, and where it would be looked at
//! [`IS_FULL`] says so: what could only follow is then left out of the module.

use super::PayerError;
use crate::json::Value;

/// Whether this build has all of it.
pub(super) const IS_FULL: bool = cfg!(feature = "full-payer");

/// Whether this build takes what a wallet outside signed, and tells what a 402 asks for before anybody pays: what a page
/// needs that asks its visitor. A payer with a key of its own does without.
pub(super) const HAS_OUTSIDE_WALLETS: bool = cfg!(feature = "outside-wallets");

/// The options that ask for it.
const OPTIONS: [&str; 2] = ["signIn", "offerReceipt"];

/// What these options ask for, and this build does not have.
pub(super) fn lacking(options: &Value) -> Option<PayerError> {
    if cfg!(not(feature = "permit2")) && options.get("permit2").is_some() {
        return Some(PayerError::NeedsFullBuild("permit2"));
    }
    check(options).err()
}

/// A lean payer never runs without what its owner asked for.
///
/// # Errors
/// [`PayerError::NeedsFullBuild`].
fn check(options: &Value) -> Result<(), PayerError> {
    match OPTIONS.into_iter().find(|option| !IS_FULL && options.get(option).is_some()) {
        Some(option) => Err(PayerError::NeedsFullBuild(option)),
        None => Ok(()),
    }
}
