//! The one spelling of a value, as a text of its own. Whatever shows itself through a formatter brings the whole of std's
//! formatting along, which weighs more than all that is spelled here.

use alloc::string::String;

/// A value with one spelling.
pub trait Spell {
    /// Its text.
    fn spell(&self) -> String;
}
