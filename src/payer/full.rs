//! What only the full build has.

/// Comes with every value that only the full build can have. The small one has no `Full`: so the compiler knows that it
/// has none of those values either, and takes out whatever would have read them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full(#[cfg(feature = "full-payer")] (), #[cfg(not(feature = "full-payer"))] core::convert::Infallible);

impl Full {
    #[cfg(feature = "full-payer")]
    pub(super) const HERE: Option<Self> = Some(Self(()));
    #[cfg(not(feature = "full-payer"))]
    pub(super) const HERE: Option<Self> = None;
}
