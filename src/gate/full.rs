//! What only the full build of a gate has, because most gates do without it: chain checks, facilitators, extensions, cookies,
//! the page for people.
//!
//! Both builds compile the same code. In the lean one nothing of this can be on, and where it would be looked at
//! [`IS_FULL`] says so: what could only follow is then left out of the module.

use super::{ConfigError, Reader};

/// Whether this build has all of it.
pub(super) const IS_FULL: bool = cfg!(feature = "full-gate");

/// The options that ask for it.
const OPTIONS: [&str; 8] =
    ["chains", "settleVia", "verifyVia", "paymentIdentifier", "signIn", "offerReceipt", "cookies", "paywall"];

/// A lean gate never runs without what its operator asked for: it is not opened.
pub(super) fn check(config: &mut Reader<'_>) -> Result<(), ConfigError> {
    match OPTIONS.into_iter().find(|option| !IS_FULL && asks(config, option)) {
        Some(option) => Err(config.needs(option, "is for the full build of the gate", ConfigError::NEEDS_FULL)),
        None => Ok(()),
    }
}

/// A table of no chains asks for nothing.
fn asks(config: &mut Reader<'_>, option: &'static str) -> bool {
    config.value(option).is_some_and(|value| option != "chains" || value.members() != Some(&[]))
}
