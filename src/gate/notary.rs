//! `offer-receipt` at the gate: its offers and receipts with the operator's signature below them.
//!
//! Whoever asks causes signatures, so each is made once for a while, few are remembered, and few are made in a second:
//! above that a challenge goes out as if nothing were signed here.

use super::answer::receipt;
use super::check::MAX_URL_BYTES;
use super::http::split_url;
use super::order::Order;
use super::reader::{ConfigError, Reader};
use super::routes::Route;
use super::{Gate, Header};
use crate::dialect::v2;
use crate::encoding::bytes_from_hex;
use crate::extension::offer_receipt::{Offer, Receipt, Statement as _, offers, signed_receipt};
use crate::json::Value;
use crate::ledger::{Entry, Grant};
use crate::protocol::Dialect;
use crate::signature::SecretKey;
use alloc::collections::VecDeque;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use spin::Mutex;

/// What an operator says about signed offers. Holds a key, so it cannot be cloned or printed (S70).
pub(super) struct Notary {
    key: SecretKey,
    /// Where this gate is, to its visitors. Not read from a request: behind proxies its host is anybody's word.
    origin: String,
    desk: Mutex<Desk>,
}

/// What was signed lately.
#[derive(Default)]
struct Desk {
    kept: VecDeque<Sheet>,
    /// The second that is counted in, and how much was signed in it.
    second: u64,
    signed: usize,
}

/// The signed offers for a URL.
struct Sheet {
    scope: String,
    resource: String,
    round: u64,
    offers: Value,
}

/// For how long the same offers are shown, in seconds.
const ROUND: u64 = 60;
const MOST_KEPT: usize = 64;
const MOST_IN_A_SECOND: usize = 64;
/// A payment echoes what the challenge said and has to fit into a header.
const MOST_BYTES_OF_URLS: usize = 1_024;

impl Notary {
    pub(super) fn from_config(config: &mut Reader<'_>) -> Result<Option<Self>, ConfigError> {
        let Some(mut reader) = config.reader("offerReceipt")? else { return Ok(None) };
        let key = reader.text("key")?.and_then(|text| SecretKey::from_bytes(&mut bytes_from_hex(text).ok()?).ok());
        let key =
            key.ok_or_else(|| reader.wrong("key", "is 0x and 64 hex digits, a private key that holds no money"))?;
        let origin = reader.origin()?;
        reader.end()?;
        Ok(Some(Self { key, origin, desk: Mutex::default() }))
    }

    /// What a visitor at the operator's origin calls this URL.
    fn resource(&self, url: &str) -> String {
        let rest = split_url(url).and_then(|(origin, _)| url.strip_prefix(origin)).unwrap_or_default();
        let rest = rest.split('#').next().unwrap_or_default();
        self.at(if rest.starts_with('/') { rest } else { "/" })
    }

    fn at(&self, path: &str) -> String {
        [self.origin.as_str(), path].concat()
    }

    /// The extension's entry in a challenge.
    pub(super) fn declaration(&self, route: &Route, url: &str, now: u64) -> Option<Value> {
        let resource = self.resource(url);
        let most = resource.len().saturating_mul(route.requirements.len());
        (most <= MOST_BYTES_OF_URLS).then(|| self.offers(route, resource, now))?.map(offers)
    }

    fn offers(&self, route: &Route, resource: String, now: u64) -> Option<Value> {
        let round = now / ROUND;
        {
            let mut desk = self.desk.lock();
            let is_same =
                |sheet: &&Sheet| sheet.round == round && sheet.resource == resource && sheet.scope == route.scope;
            if let Some(sheet) = desk.kept.iter().find(is_same) {
                return Some(sheet.offers.clone());
            }
            if desk.second != now {
                (desk.second, desk.signed) = (now, 0);
            }
            desk.signed = desk.signed.saturating_add(route.requirements.len());
            if desk.signed > MOST_IN_A_SECOND {
                return None;
            }
        }
        let offers: Value = self.sign(route, &resource, round.saturating_add(1).saturating_mul(ROUND)).into();
        let mut desk = self.desk.lock();
        if desk.kept.len() >= MOST_KEPT {
            desk.kept.pop_front();
        }
        desk.kept.push_back(Sheet { scope: route.scope.clone(), resource, round, offers: offers.clone() });
        Some(offers)
    }

    /// Each offer in the very words of the challenge, good for as long as a payment for it.
    fn sign(&self, route: &Route, resource: &str, shown_until: u64) -> Vec<Value> {
        let written = route.requirements.iter().filter_map(|own| v2::write_requirements(&own.requirements));
        let read = |(index, accepts): (usize, Value)| {
            let valid_until = shown_until.saturating_add(accepts.number("maxTimeoutSeconds")?);
            Some(Offer::of(&accepts, resource, valid_until)?.signed_at(&self.key, index))
        };
        written.enumerate().filter_map(read).collect()
    }
}

impl Gate {
    /// What a signed receipt is to name; `None` where none is signed. Only v2 was told of the extension.
    pub(super) fn resource_on(&self, dialect: Dialect, url: &str) -> Option<String> {
        let notary = self.extensions.notary()?;
        (dialect == Dialect::V2).then(|| notary.resource(url))
    }

    /// The same at the office: what the payer says that it is after, where that is sold for this very scope; otherwise
    /// the office itself. Nobody gets a receipt for what it did not pay for.
    pub(super) fn resource_sold(&self, dialect: Dialect, route: &Route, document: &Value) -> Option<String> {
        let notary = self.extensions.notary().filter(|_| dialect == Dialect::V2)?;
        let named = v2::resource_named(document);
        let is_ours = split_url(named).is_some_and(|(origin, path)| {
            named.len() <= MAX_URL_BYTES && origin == notary.origin && self.routes.sells(&route.scope, path)
        });
        if is_ours { Some(notary.resource(named)) } else { Some(notary.at(&self.office_offer(route)?.endpoint)) }
    }

    /// The receipt of an accepted payment, signed where the operator wants that. The same payment gets the same bytes
    /// every time (S41).
    pub(super) fn receipt_for(&self, order: &Order, entry: &Entry, grant: &Grant) -> Header {
        let signed = self.extensions.notary().zip(order.resource.as_ref()).map(|(notary, resource)| {
            let statement = Receipt {
                network: entry.network().to_string(),
                resource_url: resource.clone(),
                payer: entry.authorization().payer().to_string(),
                issued_at: grant.at,
                // Cashed after the answer, and nobody's business (specification, section 5.2).
                transaction: String::new(),
            };
            signed_receipt(statement.signed(&notary.key))
        });
        receipt(order.dialect, entry, &grant.ticket, signed)
    }
}
