//! A gate as it might stand at the other end: the real dialects and the real verification around a map of tickets.

use super::NOW;
use super::notary::Notary;
use crate::address::Address;
use crate::amount::Amount;
use crate::asset::AssetTable;
use crate::dialect::{mock, read_office_body, v1, v2};
use crate::extension::offer_receipt;
use crate::extension::sign_in::{self, Invitation, Proof};
use crate::json::{Object, Value};
use crate::network::Network;
use crate::payer::{RequestHead, ResponseHead, Send};
use crate::protocol::{
    AssetDomain, Challenge, Dialect, IssuedTicket, Method, OfficeOffer, OwnRequirement, PaymentRequirements, Receipt,
    Resource,
};
use crate::verify::{ReplayKey, verify};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

pub(super) const ORIGIN: &str = "https://cinema.example";

pub(super) struct Gate {
    pub(super) origin: String,
    pub(super) dialect: Dialect,
    pub(super) accepts: Vec<OwnRequirement>,
    /// Where tickets are sold, before the scope is added.
    pub(super) office: Option<String>,
    pub(super) ticket_ttl: u64,
    /// Whether a v2 receipt carries a ticket.
    pub(super) ticket_in_receipt: bool,
    /// A path whose tickets are no longer good, whatever was paid.
    pub(super) revoked: bool,
    /// Whether it takes a proof of the key instead of a payment, and whether such a proof has opened anything so far.
    pub(super) signs_in: bool,
    pub(super) signed_in: usize,
    /// The origin that it says to be.
    pub(super) invites_to: &'static str,
    /// Who signs its offers and receipts.
    pub(super) notary: Option<Notary>,
    /// What it says settled the payment.
    pub(super) transaction: Option<[u8; 32]>,
    /// The payments that were accepted, each once, and the ticket for it.
    pub(super) cashed: BTreeMap<ReplayKey, (u64, IssuedTicket)>,
}

pub(super) fn own(amount: u64) -> OwnRequirement {
    let asset = AssetTable::default().default_for(Network::from_chain_id(84532).unwrap()).unwrap();
    let requirements = PaymentRequirements {
        method: Method::Eip3009,
        network: asset.network,
        asset: asset.address,
        amount: Amount::from(amount),
        pay_to: Address::from_bytes([0x22; 20]),
        max_timeout_seconds: 300,
        domain: Some(AssetDomain::of(&asset)),
    };
    OwnRequirement { requirements, asset }
}

/// `/films/…` opens with a matinee ticket, `/premiere/…` with another.
fn scope_of(path: &str) -> &'static str {
    if path.starts_with("/premiere/") { "premiere" } else { "matinee" }
}

impl Gate {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self {
            origin: ORIGIN.to_string(),
            dialect,
            accepts: Vec::from([own(10_000)]),
            office: Some("/token".to_string()),
            ticket_ttl: 900,
            ticket_in_receipt: false,
            revoked: false,
            signs_in: false,
            signed_in: 0,
            invites_to: ORIGIN,
            notary: None,
            transaction: None,
            cashed: BTreeMap::new(),
        }
    }

    pub(super) fn without_office() -> Self {
        Self { office: None, ..Self::new(Dialect::V2) }
    }

    /// What was cashed, in atomic units.
    pub(super) fn income(&self) -> u64 {
        self.cashed.values().map(|(value, _)| value).sum()
    }

    pub(super) fn answer(&mut self, request: &RequestHead, send: &Send, now: u64) -> ResponseHead {
        match send {
            Send::Plain => self.turn_away(&request.url, "payment_required"),
            Send::Ticket { url, ticket } => {
                let url = url.as_deref().unwrap_or(&request.url);
                let path = url.strip_prefix(self.origin.as_str()).unwrap();
                let good = self.cashed.values().any(|(_, issued)| {
                    issued.text == *ticket && issued.expires_at > now && issued.scope.as_deref() == Some(scope_of(path))
                });
                if good && !self.revoked { ok(url) } else { self.turn_away(url, "ticket_invalid") }
            }
            Send::Payment { url, name: sign_in::HEADER, header, .. } => {
                self.welcome(url.as_deref().unwrap_or(&request.url), header, now)
            }
            Send::Payment { url, name, header, .. } => {
                self.resource(url.as_deref().unwrap_or(&request.url), name, header, now)
            }
            Send::Office { url, body } => self.sell(url, body, now),
        }
    }

    fn resource(&mut self, url: &str, name: &str, header: &str, now: u64) -> ResponseHead {
        let path = url.strip_prefix(self.origin.as_str()).unwrap().to_string();
        let payment = match name {
            v1::PAYMENT_HEADER => v1::read_payment_header(header),
            _ => v2::read_payment_header(header),
        };
        let verdict = payment.and_then(|payment| verify(&payment, &self.accepts, now, 600));
        let Ok(payment) = verdict else { return self.turn_away(url, "payment_invalid") };
        let ticket = self.issue(payment.replay_key(), payment.authorization().amount().to_u64().unwrap(), &path, now);
        let receipt = Receipt {
            payer: Some(payment.payer()),
            network: Some(payment.asset().network),
            transaction: self.transaction,
            amount: None,
            ticket: self.ticket_in_receipt.then_some(ticket),
            signed: self.notary.as_ref().and_then(|notary| notary.receipt(url, payment.payer(), now)),
        };
        let receipt = match name {
            v1::PAYMENT_HEADER => v1::write_receipt(&receipt),
            _ => v2::write_receipt(&receipt),
        };
        ResponseHead { receipt: Some(receipt), ..ok(url) }
    }

    /// Whoever paid for this has its ticket back.
    fn welcome(&mut self, url: &str, header: &str, now: u64) -> ResponseHead {
        let account = Proof::from_header(header).unwrap().verify(&self.origin, now).unwrap();
        let path = url.strip_prefix(self.origin.as_str()).unwrap();
        let live = |issued: &&IssuedTicket| issued.expires_at > now && issued.scope.as_deref() == Some(scope_of(path));
        let Some(ticket) = self.cashed.values().map(|(_, issued)| issued).find(live).cloned() else {
            return self.turn_away(url, "sign_in_without_payment");
        };
        self.signed_in += 1;
        let receipt = Receipt {
            payer: Some(account),
            network: None,
            transaction: None,
            amount: None,
            ticket: Some(ticket),
            signed: None,
        };
        ResponseHead { receipt: Some(v2::write_receipt(&receipt)), ..ok(url) }
    }

    fn sell(&mut self, url: &str, body: &str, now: u64) -> ResponseHead {
        let path = url.rsplit_once("?path=").map_or("/films/1", |(_, path)| path).to_string();
        let (_, payment) = read_office_body(body);
        let verdict = payment.and_then(|payment| verify(&payment, &self.accepts, now, 600));
        let mut receipt = None;
        let (status, body) = match verdict {
            Ok(payment) => {
                let signed = self.notary.as_ref().and_then(|notary| notary.receipt(url, payment.payer(), now));
                let told =
                    Receipt { payer: None, network: None, transaction: None, amount: None, ticket: None, signed };
                receipt = Some(v2::write_receipt(&told));
                let value = payment.authorization().amount().to_u64().unwrap();
                let ticket = self.issue(payment.replay_key(), value, &path, now);
                (200, mock::write_ticket(&ticket, now))
            }
            Err(refusal) => {
                let members = [("code", Some(refusal.code().into())), ("message", Some(refusal.to_string().into()))];
                (refusal.status(), Value::object(members))
            }
        };
        ResponseHead { status, url: url.to_string(), body: Some(body.to_string()), receipt, ..ResponseHead::default() }
    }

    /// The same payment always gets the same ticket.
    fn issue(&mut self, key: ReplayKey, value: u64, path: &str, now: u64) -> IssuedTicket {
        let ticket = || IssuedTicket {
            text: format!("ticket-{key}"),
            scope: Some(scope_of(path).to_string()),
            expires_at: now + self.ticket_ttl,
            id: Some(key.to_string()),
        };
        self.cashed.entry(key).or_insert_with(|| (value, ticket())).1.clone()
    }

    pub(super) fn turn_away(&self, url: &str, code: &str) -> ResponseHead {
        let path = url.strip_prefix(self.origin.as_str()).unwrap();
        let office = self.office.as_ref().map(|endpoint| OfficeOffer {
            endpoint: format!("{endpoint}?path={path}"),
            scope: Some(scope_of(path).to_string()),
            ttl: Some(self.ticket_ttl),
        });
        let challenge = Challenge {
            code,
            message: "Pay.",
            payer: None,
            resource: Resource { url, description: None, mime_type: None },
            accepts: &self.accepts,
            office: office.as_ref(),
        };
        let v2 = self.dialect == Dialect::V2;
        let invitation = Invitation {
            domain: self.invites_to.split_once("://").unwrap().1,
            uri: self.invites_to,
            statement: None,
            networks: &[Network::from_chain_id(84532).unwrap()],
            nonce: "0123456789abcdef0123456789abcdef",
            issued_at: NOW,
        };
        let extensions = Object::new()
            .value_if(v2::TICKET, office.as_ref().map(v2::write_office))
            .value_if(sign_in::NAME, self.signs_in.then(|| invitation.to_value()))
            .value_if(offer_receipt::NAME, self.notary.as_ref().map(|notary| notary.offers(&self.accepts, url)));
        let body = match self.dialect {
            Dialect::V1 => v1::write_challenge(&challenge, Object::new()),
            Dialect::V2 | Dialect::Mock => mock::write_challenge(&challenge, Object::new()),
        };
        ResponseHead {
            status: 402,
            url: url.to_string(),
            challenge: v2.then(|| v2::write_challenge_with(&challenge, extensions)),
            body: Some(body.end().to_string()),
            ..ResponseHead::default()
        }
    }
}

fn ok(url: &str) -> ResponseHead {
    ResponseHead { status: 200, url: url.to_string(), ..ResponseHead::default() }
}

#[test]
fn the_gate_of_these_tests_turns_away_and_lets_in() {
    let mut gate = Gate::new(Dialect::V2);
    let request = super::world::get("https://cinema.example/films/1");
    assert_eq!(gate.answer(&request, &Send::Plain, NOW).status, 402);
    let forged = Send::Ticket { url: None, ticket: "ticket-0".to_string() };
    assert_eq!(gate.answer(&request, &forged, NOW).status, 402);
}
