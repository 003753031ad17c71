//! What only the full build of a payer has, because most pages do without it: signing in, and looking at what servers sign.
//! (Permit2 is a feature of its own: the other builds have it too.)
//!
//! Both builds compile the same code. In the lean one nothing of this can be on, and where it would be looked at
//! [`IS_FULL`] says so: what could only follow is then left out of the module.

use crate::json::Value;

/// Whether this build has all of it.
pub(super) const IS_FULL: bool = cfg!(feature = "full-payer");

/// Whether this build takes what a wallet outside signed, and tells what a 402 asks for before anybody pays: what a page
/// needs that asks its visitor. A payer with a key of its own does without.
pub(super) const HAS_OUTSIDE_WALLETS: bool = cfg!(feature = "outside-wallets");

/// The options that ask for it.
const OPTIONS: [&str; 2] = ["signIn", "offerReceipt"];

/// What of this build's lacks these options ask for: a lean payer never runs without what its owner wanted.
pub(super) fn lacking(options: &Value) -> Option<&'static str> {
    if cfg!(not(feature = "permit2")) && options.get("permit2").is_some() {
        return Some("permit2");
    }
    OPTIONS.into_iter().find(|option| !IS_FULL && options.get(option).is_some())
}
