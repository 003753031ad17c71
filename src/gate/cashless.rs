//! A gate from an entry point that brings nothing along to cash with. What it cannot do is refused with the options, before
//! anything is sold.

use super::reader::{ConfigError, Reader};

const SETTLE: &str = "is elsewhere() where another worker cashes what is sold here, or none(): x402-wasm/edge/lean cashes \
     nothing, and the worker that does imports from x402-wasm/edge";
const OPERATOR: &str =
    "is for the worker that cashes, which imports from x402-wasm/edge: x402-wasm/edge/lean has no reports to show";

/// Such an entry point says `cashes: false`. Nobody's settling has to be said there: a forgotten settler would sell checks
/// that nobody cashes.
pub(super) fn check(config: &mut Reader<'_>) -> Result<(), ConfigError> {
    if config.truth("cashes")?.unwrap_or(true) {
        return Ok(());
    }
    match config.truth("settles")? {
        None => Err(config.wrong("settle", SETTLE)),
        Some(true) => Err(config.needs("settle", SETTLE, ConfigError::NEEDS_CASHIER)),
        Some(false) if config.value("operator").is_some() => {
            Err(config.needs("operator", OPERATOR, ConfigError::NEEDS_CASHIER))
        }
        Some(false) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::gate::{ConfigError, Gate};
    use crate::json::parse;
    use alloc::string::{String, ToString as _};

    const OPERATED: &str = r#""operator": {"key": "a key that only the operator has."}"#;

    /// The code and the start of the sentence with which a gate is not opened.
    fn refused(options: &[&str]) -> Option<(&'static str, String)> {
        let shop = r#""payTo": "0x209693Bc6afc0C5328bA36FaF03C514EF312287C", "network": "eip155:84532",
            "tickets": {"issuer": "https://a.example", "keys": [{"kid": "a", "secret": "a secret that only this test knows."}]},
            "routes": {"GET /a": {"price": "$0.01"}}"#;
        let config = parse(&["{", shop, ", ", &options.join(", "), "}"].concat()).unwrap();
        let error = Gate::from_config(&config).err()?;
        Some((error.code(), error.to_string().split_once(':').unwrap_or_default().0.into()))
    }

    #[test]
    fn s21_where_nothing_cashes_a_settler_is_refused_and_so_is_forgetting_it() {
        let settle = "settle is elsewhere() where another worker cashes what is sold here, or none()";
        let cashless = r#""cashes": false"#;
        assert_eq!(refused(&[cashless]), Some((ConfigError::CODE, settle.into())));
        let relayed = [cashless, r#""settles": true, "relayer": true"#];
        assert_eq!(refused(&relayed), Some((ConfigError::NEEDS_CASHIER, settle.into())));
        // A facilitator is for the full build, and no build of it would help here.
        let facilitated = [cashless, r#""settles": true, "settleVia": {"url": "https://f.example"}"#];
        assert_eq!(refused(&facilitated), Some((ConfigError::NEEDS_CASHIER, settle.into())));
        assert_eq!(refused(&[cashless, r#""settles": false"#]), None);
        assert_eq!(refused(&[cashless, r#""settles": false, "elsewhere": {}"#]), None);
    }

    #[test]
    fn where_nothing_cashes_the_operator_has_no_doors() {
        let own = r#""cashes": false, "settles": false"#;
        let operator = "operator is for the worker that cashes, which imports from x402-wasm/edge";
        assert_eq!(refused(&[own, OPERATED]), Some((ConfigError::NEEDS_CASHIER, operator.into())));
    }

    #[test]
    fn every_other_gate_may_have_both_and_neither() {
        for own in ["", r#""cashes": true, "#] {
            assert_eq!(refused(&[&[own, OPERATED].concat()]), None);
            assert_eq!(refused(&[&[own, r#""settles": true"#].concat()]), None);
        }
    }
}
