//! Checks that another worker cashes. Here they are written down as due, and the key that cashes them is not here.

use super::policy::When;
use super::reader::{ConfigError, Reader};
use crate::address::Address;

/// What a gate is told of whoever cashes for it.
pub(super) struct Elsewhere {
    /// Who sends the transfers; needed where a price is a ceiling.
    pub account: Option<Address>,
    pub when: Option<When>,
}

impl Elsewhere {
    pub(super) fn from_config(config: &mut Reader<'_>) -> Result<Option<Self>, ConfigError> {
        let Some(mut reader) = config.reader("elsewhere")? else { return Ok(None) };
        let own = Self { account: reader.address("account")?, when: When::from_config(&mut reader)? };
        reader.end()?;
        Ok(Some(own))
    }
}
