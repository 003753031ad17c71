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
        config.reader("elsewhere")?.map(Self::read).transpose()
    }

    #[inline(never)]
    fn read(mut reader: Reader<'_>) -> Result<Self, ConfigError> {
        let own = Self { account: reader.address("account")?, when: When::from_config(&mut reader)? };
        reader.end()?;
        Ok(own)
    }
}

#[cfg(test)]
mod tests {
    use crate::gate::Gate;
    use crate::json::parse;
    use alloc::string::{String, ToString as _};

    fn opened(options: &str) -> Result<(), String> {
        let shop = r#""payTo": "0x209693Bc6afc0C5328bA36FaF03C514EF312287C", "network": "eip155:84532", "settles": false,
            "tickets": {"issuer": "https://a.example", "keys": [{"kid": "a", "secret": "a secret that only this test knows."}]}"#;
        let config = parse(&["{", shop, ", ", options, "}"].concat()).unwrap();
        Gate::from_config(&config).map(drop).map_err(|error| error.to_string())
    }

    #[test]
    fn who_cashes_elsewhere_may_settle_first_and_charge_below_a_ceiling() {
        let route = |own: &str| [r#""routes": {"GET /a": {"price": "$0.01", "#, own, "}}"].concat();
        let (first, ceiling) = (route(r#""when": "before""#), route(r#""scheme": "upto""#));
        assert!(opened(&first).unwrap_err().starts_with("settle is missing"));
        assert_eq!(opened(&[&first, r#", "elsewhere": {}"#].concat()), Ok(()));
        assert!(opened(&[&ceiling, r#", "elsewhere": {}"#].concat()).unwrap_err().contains("`account`"));
        let account = r#", "elsewhere": {"account": "0x209693Bc6afc0C5328bA36FaF03C514EF312287C"}"#;
        assert_eq!(opened(&[&ceiling, account].concat()), Ok(()));
    }

    #[test]
    fn an_order_that_is_none_is_refused() {
        let error = opened(r#""elsewhere": {"when": "now"}"#).unwrap_err();
        assert_eq!(error, "elsewhere.when is \"before\" or \"after\" serving.");
    }
}
