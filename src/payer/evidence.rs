//! What a server put its signature below (`offer-receipt`): its offers, before one is paid, and its receipt afterwards.
//!
//! Whose signature counts is said by the owner for an origin, or by that origin itself the first time, over https (S57).

use super::Payer;
use super::config::Config;
use super::deal::Deal;
use super::error::{Objection, PayerError};
use super::flow::Flow;
use super::full::IS_FULL;
use super::step::{Notice, ResponseHead};
use super::url::Location;
use crate::address::Address;
use crate::dialect::v2;
use crate::encoding::hex;
use crate::extension::offer_receipt::{
    Offer as SignedOffer, Receipt as SignedReceipt, Statement as _, claimed_by, is_read, offers_in, receipt_in,
};
use crate::json::{Object, Value};
use crate::protocol::{Dialect, Offer, SignedPayment};
use alloc::borrow::ToOwned as _;
use alloc::boxed::Box;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// What its owner wants of signed offers and receipts.
#[derive(Clone, Debug)]
pub(super) struct Evidence {
    /// Whether what is not signed is not paid.
    pub(super) required: bool,
    /// Who may sign, by origin; an origin that is not listed is pinned to its first signer.
    pub(super) signers: Vec<(String, Vec<Address>)>,
}

/// How old a receipt may be, in seconds; as long as the stock verifier has it.
const MAX_AGE: u64 = 3_600;
/// How far the server's clock may be ahead, in seconds.
const SKEW: u64 = 600;

impl Payer {
    /// Whether the server stands by this offer, where its owner asked for that.
    ///
    /// # Errors
    /// What is against the signature below it.
    pub(super) fn check_signed(&self, deal: &Deal, offer: &Offer, now: u64) -> Result<(), Box<PayerError>> {
        let Some(wanted) = self.budget.config.evidence() else { return Ok(()) };
        match self.signed_offer(deal, offer, now) {
            Err(Objection::NotSigned) if !wanted.required => Ok(()),
            Err(objection) => Err(PayerError::SignedOffer(objection).boxed()),
            Ok(_) => Ok(()),
        }
    }

    /// From now on nobody else signs for this origin.
    pub(super) fn pin_signer(&mut self, deal: &Deal, offer: &Offer, now: u64) {
        let origin = &deal.place.origin;
        if self.budget.config.evidence().is_some()
            && let Ok((_, signer)) = self.signed_offer(deal, offer, now)
            && self.signers.iter().all(|(pinned, _)| pinned != origin)
        {
            self.signers.push((origin.to_owned(), signer));
        }
    }

    /// The signed form of this offer, and who signed it.
    fn signed_offer<'a>(&self, deal: &'a Deal, offer: &Offer, now: u64) -> Result<(&'a Value, Address), Objection> {
        let of_v2 = deal.challenge.extensions.as_ref().filter(|_| deal.challenge.dialect == Dialect::V2);
        let readable = || of_v2.into_iter().flat_map(offers_in);
        readable().next().ok_or(Objection::NotSigned)?;
        let accepts = offer.echo.as_ref().ok_or(Objection::Mismatch)?;
        let says_the_same = |signed: &&Value| {
            claimed_by(signed).is_some_and(|says| {
                SignedOffer::of(accepts, &says.resource_url, says.valid_until).as_ref() == Some(&says)
            })
        };
        let evidence = readable().find(says_the_same).ok_or(Objection::Mismatch)?;
        let (says, signer) = SignedOffer::read_signed(evidence).ok_or(Objection::Signature)?;
        if Location::parse(&says.resource_url).as_ref() != Some(&deal.place) {
            return Err(Objection::Mismatch);
        }
        // Zero is without end.
        if says.valid_until != 0 && says.valid_until < now {
            return Err(Objection::Outdated);
        }
        self.check_signer(&deal.place.origin, signer)?;
        Ok((evidence, signer))
    }

    fn check_signer(&self, origin: &str, signer: Address) -> Result<(), Objection> {
        let evidence = self.budget.config.evidence();
        let listed = evidence.and_then(|own| own.signers.iter().find(|(listed, _)| listed == origin));
        let known = match listed {
            Some((_, signers)) => signers.contains(&signer),
            None => self.signers.iter().all(|(pinned, first)| pinned != origin || *first == signer),
        };
        if known { Ok(()) } else { Err(Objection::Signer) }
    }

    fn check_receipt(
        &self,
        deal: &Deal,
        payment: &SignedPayment,
        receipt: &Value,
        transaction: Option<[u8; 32]>,
        now: u64,
    ) -> Result<Address, Objection> {
        if !is_read(receipt) {
            return Err(Objection::NotSigned);
        }
        let (says, signer) = SignedReceipt::read_signed(receipt).ok_or(Objection::Signature)?;
        let is_of_this = Location::parse(&says.resource_url).as_ref() == Some(&deal.place)
            || deal.office.as_ref() == Some(&says.resource_url);
        let is_ours = Address::from_wire(&says.payer) == Ok(self.account);
        let is_there = says.network == payment.offer.requirements.network.to_string();
        let is_its_transaction = says.transaction.is_empty()
            || transaction.is_none_or(|own| says.transaction.eq_ignore_ascii_case(&hex(&own)));
        if !(is_of_this && is_ours && is_there && is_its_transaction) {
            return Err(Objection::Mismatch);
        }
        if says.issued_at.saturating_add(MAX_AGE) < now || says.issued_at > now.saturating_add(SKEW) {
            return Err(Objection::Outdated);
        }
        self.check_signer(&deal.place.origin, signer)?;
        Ok(signer)
    }
}

impl Flow {
    /// Hands the receipt over to the owner with what is to be thought of it. It is paid for, whatever it is worth.
    pub(super) fn tell_receipt(&mut self, payer: &Payer, response: &ResponseHead, payment: &SignedPayment, now: u64) {
        let Some((wanted, deal)) = payer.budget.config.evidence().zip(self.deal.as_deref()) else { return };
        let told = response.receipt.as_deref().and_then(v2::read_receipt);
        let transaction = told.as_ref().and_then(|told| told.transaction);
        let signed = told.as_ref().and_then(|told| receipt_in(told.signed.as_ref()?));
        let verdict = match signed {
            None if !wanted.required => return,
            None => Err(Objection::NotSigned),
            Some(signed) => payer.check_receipt(deal, payment, signed, transaction, now),
        };
        // It was in time when it was paid.
        let offer = payer.signed_offer(deal, &payment.offer, 0).ok();
        let error = verdict.err().map(PayerError::SignedReceipt);
        let detail = Object::new()
            .text("origin", &deal.place.origin)
            .text("url", &deal.url)
            .value("verified", verdict.is_ok().into())
            .text_if("signer", verdict.ok().map(|signer| signer.to_string()).as_deref())
            .value_if("error", error.as_ref().map(PayerError::to_value))
            .value_if("receipt", signed.cloned())
            .value_if("offer", offer.map(|(signed, _)| signed.clone()))
            .end();
        self.notices.push(Notice::Receipt(detail));
    }
}

impl Config {
    /// What is wanted of signatures of the server's, if anything.
    pub(super) fn evidence(&self) -> Option<&Evidence> {
        self.evidence.as_ref().filter(|_| IS_FULL)
    }
}
