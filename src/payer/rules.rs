//! What an owner may say beyond one budget for everything: caps for each origin, the only assets and payees, and whether to
//! be asked about a payee that changes. The lean build has none of it.

use super::PayerError;
use super::cap::Cap;
use super::config::{Caps, invalid, known, read_caps};
use super::limit::List;
use super::url::Location;
use crate::address::Address;
use crate::json::Value;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

/// The name under which caps for all other origins stand.
const ANY: &str = "*";

/// The further rules of an owner, who can give them to the full build only.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    /// The caps of an origin.
    origins: Vec<(String, Caps)>,
    /// In these assets and no others, on whatever chain.
    assets: Option<Vec<Address>>,
    /// To these payees and no others, whatever the origin.
    payees: Option<Vec<Address>>,
    /// Whether the owner can be asked about a payee that changed.
    pub(super) confirm: bool,
}

impl Rules {
    /// Reads `confirm`, `budget.origins` and `budget.allow`.
    pub(super) fn read(options: &Value) -> Result<Self, Box<PayerError>> {
        let budget = options.get("budget");
        let mut origins = Vec::new();
        if let Some(listed) = budget.and_then(|budget| budget.get("origins")) {
            let expected = "an object from origins, such as https://cinema.example, or * for all others, to caps";
            let refused = || invalid("budget.origins", expected);
            for (origin, caps) in listed.members().ok_or_else(refused)? {
                if origin != ANY && !Location::is_origin(origin) {
                    return Err(refused());
                }
                known(caps, "budget.origins.", &Cap::OF_ORIGIN.map(Cap::member))?;
                origins.push((origin.clone(), read_caps(caps, &Cap::OF_ORIGIN)?));
            }
        }
        let allow = budget.and_then(|budget| budget.get("allow"));
        if let Some(allow) = allow {
            known(allow, "budget.allow.", &["assets", "payees"])?;
        }
        let read = |name, option| {
            let Some(listed) = allow.and_then(|allow| allow.get(name)) else { return Ok(None) };
            read_addresses(listed).map(Some).ok_or_else(|| invalid(option, "a list of addresses"))
        };
        Ok(Self {
            origins,
            assets: read("assets", "budget.allow.assets")?,
            payees: read("payees", "budget.allow.payees")?,
            confirm: match options.get("confirm") {
                None => false,
                Some(Value::Bool(true)) => true,
                Some(_) => return Err(invalid("confirm", "a function that is asked and resolves to true")),
            },
        })
    }

    /// The caps of this origin: its own, or those of all that have none.
    pub(super) fn caps_of(&self, origin: &str) -> Option<&Caps> {
        let of = |name: &str| self.origins.iter().find(|(listed, _)| listed == name);
        of(origin).or_else(|| of(ANY)).map(|(_, caps)| caps)
    }

    pub(super) fn check_asset(&self, asset: Address) -> Result<(), Box<PayerError>> {
        match &self.assets {
            Some(allowed) if !allowed.contains(&asset) => Err(PayerError::NotListed(List::Assets).boxed()),
            _ => Ok(()),
        }
    }

    pub(super) fn check_payee(&self, payee: Address) -> Result<(), Box<PayerError>> {
        match &self.payees {
            Some(allowed) if !allowed.contains(&payee) => Err(PayerError::NotListed(List::Payees).boxed()),
            _ => Ok(()),
        }
    }
}

fn read_addresses(listed: &Value) -> Option<Vec<Address>> {
    let address = |listed: &Value| Address::from_config(listed.as_str()?).ok();
    listed.elements()?.iter().map(address).collect()
}
