//! What only the full build of a payer has, because most pages do without it: signing in, looking at what servers sign, and
//! rules beyond one budget for everything.
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

/// Part of what only the full build has, and in the lean one there is none: so the compiler itself leaves out whatever takes
/// it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg(feature = "full-payer")]
pub(super) struct Full;
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg(not(feature = "full-payer"))]
pub(super) enum Full {}

impl Full {
    #[cfg(feature = "full-payer")]
    pub(super) const HERE: Option<Self> = Some(Self);
    #[cfg(not(feature = "full-payer"))]
    pub(super) const HERE: Option<Self> = None;
}

/// A value of the full build; in the lean one there is none, and it takes no room.
#[derive(Clone, Debug)]
#[cfg(feature = "full-payer")]
pub(super) struct OfFull<T>(T);
#[derive(Clone, Debug)]
#[cfg(not(feature = "full-payer"))]
pub(super) struct OfFull<T>(Full, core::marker::PhantomData<T>);

#[cfg(feature = "full-payer")]
impl<T> OfFull<T> {
    #[allow(clippy::unnecessary_wraps, reason = "there is none in the lean build")]
    pub(super) fn make<E>(make: impl FnOnce() -> Result<T, E>) -> Result<Option<Self>, E> {
        make().map(|value| Some(Self(value)))
    }

    pub(super) const fn get(&self) -> &T {
        &self.0
    }

    pub(super) const fn get_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

#[cfg(not(feature = "full-payer"))]
impl<T> OfFull<T> {
    #[allow(clippy::unnecessary_wraps, reason = "the full build's can fail")]
    pub(super) fn make<E>(_: impl FnOnce() -> Result<T, E>) -> Result<Option<Self>, E> {
        Ok(None)
    }

    pub(super) const fn get(&self) -> &T {
        match self.0 {}
    }

    pub(super) const fn get_mut(&mut self) -> &mut T {
        match self.0 {}
    }
}

/// The options that ask for it, at the top or in the budget.
const OPTIONS: [&str; 6] = ["permit2", "signIn", "offerReceipt", "confirm", "origins", "allow"];

/// What of this build's lacks these options ask for: a lean payer never runs without what its owner wanted.
pub(super) fn lacking(options: &Value) -> Option<&'static str> {
    let budget = options.get("budget");
    let asks = |option: &&str| options.get(option).or_else(|| budget?.get(option)).is_some();
    OPTIONS.into_iter().find(asks).filter(|_| !IS_FULL)
}
