//! The x402 extensions that this gate speaks: which are on, what its challenges say of them, and whether a payment
//! echoes what was said.

use super::full::IS_FULL;
use super::notary::Notary;
use super::routes::Route;
use super::sign_in::SignIn;
use super::{ConfigError, Gate, reader::Reader};
use crate::dialect::v2;
use crate::extension::payment_identifier::{self, PaymentIdentifier};
use crate::extension::{offer_receipt, sign_in};
use crate::json::{Object, Value};
use crate::ledger::Name;
use crate::protocol::{Dialect, OfficeOffer, Refusal};
use crate::verify::ReplayKey;

/// Which extensions are on. The `ticket` is always.
#[derive(Default)]
pub(super) struct Extensions {
    identifier: Option<bool>,
    sign_in: Option<SignIn>,
    notary: Option<Notary>,
}

impl Extensions {
    pub(super) fn from_config(config: &mut Reader<'_>) -> Result<Self, ConfigError> {
        if !IS_FULL {
            return Ok(Self::default());
        }
        let identifier = match config.text("paymentIdentifier")? {
            None => None,
            Some("optional") => Some(false),
            Some("required") => Some(true),
            Some(_) => return Err(config.wrong("paymentIdentifier", "is \"optional\" or \"required\"")),
        };
        Ok(Self { identifier, sign_in: SignIn::from_config(config)?, notary: Notary::from_config(config)? })
    }

    /// Whether payments may have a name, and whether they must.
    fn identifier(&self) -> Option<bool> {
        self.identifier.filter(|_| IS_FULL)
    }

    pub(super) fn sign_in(&self) -> Option<&SignIn> {
        self.sign_in.as_ref().filter(|_| IS_FULL)
    }

    pub(super) fn notary(&self) -> Option<&Notary> {
        self.notary.as_ref().filter(|_| IS_FULL)
    }

    /// Whether no two challenges are alike.
    pub(super) fn are_fresh(&self) -> bool {
        self.sign_in().is_some() || self.notary().is_some()
    }

    /// Whether the whole payment has to be looked at, not only what was signed.
    fn are_read(&self) -> bool {
        self.identifier().is_some() || self.sign_in().is_some()
    }
}

impl Gate {
    /// The `extensions` of a challenge. `asked_at`, seconds since the epoch, where it is a stranger who asks: whoever has
    /// just paid is not invited to sign in, and nothing is signed for it.
    pub(super) fn extensions(
        &self,
        route: &Route,
        office: Option<&OfficeOffer>,
        url: &str,
        asked_at: Option<u64>,
    ) -> Object {
        let on = &self.extensions;
        let invitation = on.sign_in().zip(asked_at).filter(|_| !route.is_metered());
        let signed = on.notary().zip(asked_at);
        Object::new()
            .value_if(v2::TICKET, office.map(v2::write_office))
            .value_if(payment_identifier::NAME, on.identifier().map(payment_identifier::declaration))
            .value_if(sign_in::NAME, invitation.map(|(own, now)| own.invite(route, url, now)))
            .value_if(offer_receipt::NAME, signed.and_then(|(own, now)| own.declaration(route, url, now)))
    }

    /// The key of the name that a payment brings, where it has to be used once.
    ///
    /// # Errors
    /// No name, none that is one, or another word of ours than was said.
    pub(super) fn name_of(
        &self,
        route: &Route,
        dialect: Dialect,
        extensions: Option<&Value>,
    ) -> Result<Option<ReplayKey>, Refusal> {
        // The other dialects were never told of any extension.
        if dialect != Dialect::V2 || !self.extensions.are_read() {
            return Ok(None);
        }
        let on = &self.extensions;
        let office = self.office_offer(route);
        // What is fresh in every challenge is compared by nobody.
        let said = Object::new()
            .value_if(v2::TICKET, office.as_ref().map(v2::write_office))
            .value_if(payment_identifier::NAME, on.identifier().map(payment_identifier::declaration))
            .value_if(sign_in::NAME, on.sign_in().map(SignIn::constant))
            .end();
        for (name, own) in said.members().unwrap_or_default() {
            let echoed = extensions.and_then(|echoed| echoed.get(name));
            let info = |of: &Value| of.get("info").cloned().unwrap_or(Value::Null);
            if echoed.is_some_and(|echoed| !holds(&info(echoed), &info(own))) {
                return Err(Refusal::ExtensionEcho);
            }
        }
        let Some(required) = on.identifier() else { return Ok(None) };
        match PaymentIdentifier::of(extensions).map_err(|_| Refusal::PaymentIdentifier)? {
            Some(name) => Ok(Some(Name::Identifier(name.as_str()).key(self.issuer()))),
            None if required => Err(Refusal::NoPaymentIdentifier),
            None => Ok(None),
        }
    }
}

/// Whether all that was said is still there; a payer may add to it.
fn holds(echoed: &Value, said: &Value) -> bool {
    match said.members() {
        Some(members) => members.iter().all(|(name, own)| echoed.get(name).is_some_and(|echoed| holds(echoed, own))),
        None => echoed == said,
    }
}
