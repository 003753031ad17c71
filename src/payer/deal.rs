//! A challenge, and what it means for the request that met it: who asks, where to pay, what it opens.

use super::PayerError;
use super::step::{RequestHead, ResponseHead, Send};
use super::url::Location;
use crate::asset::AssetTable;
use crate::dialect::{mock, read_challenge_body, v1, v2};
use crate::extension::{payment_identifier, sign_in};
use crate::protocol::{Dialect, ReceivedChallenge, SignedPayment};
use crate::spell::Spell as _;
use alloc::boxed::Box;
use alloc::string::String;

/// The terms on which a request is answered.
#[derive(Debug)]
pub(super) struct Deal {
    pub(super) challenge: ReceivedChallenge,
    /// Whoever answered; the challenge is theirs (S58).
    pub(super) place: Location,
    /// The same in full.
    pub(super) url: String,
    redirected: bool,
    /// Its redirects led to another origin.
    pub(super) foreign: bool,
    /// Where tickets are sold, of the same origin (S60).
    pub(super) office: Option<String>,
    /// What a ticket from there opens, in the words of its origin.
    pub(super) scope: String,
    /// Whether a ticket can be shown: the header for it may be taken.
    pub(super) takes_tickets: bool,
    /// The server's clock when it asked, where it says.
    pub(super) date: Option<u64>,
    /// Names the thing that is bought: who waits for it waits in one line.
    pub(super) purchase: String,
}

/// The 402's challenge in the best dialect that it speaks; `None` if it is no challenge at all.
pub(super) fn read_challenge(
    response: &ResponseHead,
    assets: &AssetTable,
) -> Result<Option<ReceivedChallenge>, Box<PayerError>> {
    let header = response.challenge.as_deref().map(v2::read_challenge);
    if let Some(Ok(challenge)) = header {
        return Ok(Some(challenge));
    }
    // A broken header must not hide a body that can be read.
    let body = response.body.as_deref().and_then(|body| read_challenge_body(body, assets).ok());
    match (body, header) {
        (None, Some(_)) => Err(PayerError::UnreadableChallenge.boxed()),
        (challenge, _) => Ok(challenge),
    }
}

impl Deal {
    pub(super) fn new(
        request: &RequestHead,
        response: &ResponseHead,
        challenge: ReceivedChallenge,
    ) -> Result<Self, Box<PayerError>> {
        let Some(place) = Location::parse(&response.url).filter(Location::is_secure) else {
            return Err(PayerError::InsecureOrigin.boxed());
        };
        let repeatable = matches!(request.method.as_str(), "GET" | "HEAD");
        if response.redirected && !repeatable {
            return Err(PayerError::RedirectedChallenge.boxed());
        }
        if !request.replayable {
            return Err(PayerError::BodyNotReplayable.boxed());
        }
        let office = match &challenge.office {
            // The header for a ticket is taken, but v2 has one of its own for a payment.
            Some(_) if request.authorized && challenge.dialect == Dialect::V2 => None,
            Some(_) if request.authorized => return Err(PayerError::AuthorizationInUse.boxed()),
            Some(office) => match place.resolve(&office.endpoint) {
                None => return Err(PayerError::ForeignOffice.boxed()),
                resolved => resolved,
            },
            None => None,
        };
        let resource = || [request.method.as_str(), " ", &place.origin, &place.target].concat();
        let named = challenge.office.as_ref().and_then(|office| office.scope.clone());
        let name = named.or_else(|| office.clone()).unwrap_or_else(resource);
        let purchase = match &office {
            Some(_) => ["ticket ", &place.origin, " ", &name].concat(),
            None => resource(),
        };
        Ok(Self {
            foreign: Location::parse(&request.url).is_none_or(|first| first.origin != place.origin),
            scope: name,
            url: response.url.clone(),
            redirected: response.redirected,
            takes_tickets: !request.authorized,
            date: response.date,
            challenge,
            place,
            office,
            purchase,
        })
    }

    /// Whether a payer that comes back may show its key.
    pub(super) fn invites(&self) -> bool {
        self.challenge.extensions.as_ref().is_some_and(|extensions| extensions.get(sign_in::NAME).is_some())
    }

    /// Where the request goes, if not where its owner sent it: what is refused to follow redirects starts behind them.
    pub(super) fn elsewhere(&self) -> Option<String> {
        self.redirected.then(|| self.url.clone())
    }

    /// The payment in the dialect of the challenge, on the way that it names.
    pub(super) fn send(&self, payment: &SignedPayment) -> Send {
        let (name, document) = match self.challenge.dialect {
            Dialect::V1 => (v1::PAYMENT_HEADER, v1::write_payment(payment)),
            Dialect::V2 => {
                let document = v2::write_answer(payment, payment.offer.echo.clone(), Some(&self.challenge));
                (v2::PAYMENT_HEADER, payment_identifier::named(document, payment.authorization.nonce()))
            }
            Dialect::Mock => ("", mock::write_permit(payment)),
        };
        match &self.office {
            Some(office) => Send::Office { url: office.clone(), body: document.spell() },
            None => Send::Payment {
                url: self.elsewhere(),
                name,
                header: v2::to_header(&document),
                strip_authorization: self.foreign,
            },
        }
    }
}
