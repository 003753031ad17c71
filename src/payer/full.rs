//! What only the full build of a payer has, because most pages do without it: signing in, and looking at what servers sign.
//! (Permit2 is a feature of its own: the other builds have it too.)
//!
//! Both builds compile the same code. In the lean one nothing of this can be on, and where it would be looked at
//! [`IS_FULL`] says so: what could only follow is then left out of the module.

use super::PayerError;
use crate::json::Value;

/// Whether this build has all of it.
pub(super) const IS_FULL: bool = cfg!(feature = "full-payer");

/// The options that ask for it.
const OPTIONS: [&str; 2] = ["signIn", "offerReceipt"];

/// A lean payer never runs without what its owner asked for.
///
/// # Errors
/// [`PayerError::NeedsFullBuild`].
pub(super) fn check(options: &Value) -> Result<(), PayerError> {
    match OPTIONS.into_iter().find(|option| !IS_FULL && options.get(option).is_some()) {
        Some(option) => Err(PayerError::NeedsFullBuild(option)),
        None => Ok(()),
    }
}
