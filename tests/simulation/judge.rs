//! The invariants. Each has a name, and whoever breaks one is stopped at that step.

use crate::chain::{Chain, Event, Use};
use crate::scene::{CREDIT, Scene, When};
use crate::store::{Change, Store};
use crate::tally::Tally;
use crate::wire::Sent;
use std::collections::{BTreeMap, BTreeSet};
use x402_wasm::ledger::{Entry, Evidence, State};
use x402_wasm::verify::ReplayKey;

pub(crate) const ONE_TICKET: &str = "the same payment always gets the same ticket";
pub(crate) const ONE_SCOPE: &str = "a payment buys one thing";
pub(crate) const ONE_NAME: &str = "a name pays once";
pub(crate) const ONE_PROOF: &str = "a proof signs in once";
pub(crate) const LIFE: &str = "records move only along the table";
pub(crate) const EVIDENCE: &str = "what closes a record is true on the chain";
pub(crate) const HASH_FIRST: &str = "a hash is in the store before it is sent";
pub(crate) const ONE_LIVE: &str = "an authorization is in one transaction that could be carried out";
pub(crate) const GRANTED: &str = "no transfer without a grant";
pub(crate) const CREDIT_BOUND: &str = "credit is never above its limit";
pub(crate) const PAID_FIRST: &str = "what settles first is never served unpaid";
pub(crate) const STORED: &str = "nothing is served without its record";
pub(crate) const REMEMBERED: &str = "a record is forgotten only when it cannot be used any more";
pub(crate) const ONE_TRANSFER: &str = "an authorization moves money once";
pub(crate) const REVOKED: &str = "a bounced check's ticket opens nothing where that is asked for";
pub(crate) const CLOSED: &str = "in the end nothing stays open";
pub(crate) const NOT_LOST: &str = "who paid is served";

#[derive(Clone, Debug)]
pub(crate) struct Violation {
    pub(crate) invariant: &'static str,
    pub(crate) detail: String,
}

#[derive(Default)]
pub(crate) struct Judge {
    pub(crate) violation: Option<Violation>,
    /// The one text for each payment, for ever.
    tickets: BTreeMap<[u8; 32], String>,
    scopes: BTreeMap<[u8; 32], String>,
    /// The one payment for each name.
    names: BTreeMap<String, ReplayKey>,
    /// Those that opened something.
    pub(crate) proofs: BTreeSet<usize>,
    /// The transactions that a facilitator named, each for its payment.
    pub(crate) said: BTreeSet<([u8; 32], [u8; 32])>,
    /// Payments that a facilitator was handed and did not refuse each time.
    pub(crate) dark: BTreeSet<[u8; 32]>,
    /// Every transaction that was about to be sent.
    sent: Vec<Sent>,
}

impl Judge {
    pub(crate) fn demand(&mut self, invariant: &'static str, holds: bool, detail: impl FnOnce() -> String) {
        if !holds && self.violation.is_none() {
            self.violation = Some(Violation { invariant, detail: detail() });
        }
    }

    /// A ticket is fixed, in the store or on its way out.
    pub(crate) fn ticket(&mut self, key: ReplayKey, text: &str) {
        let first = self.tickets.entry(*key.as_bytes()).or_insert_with(|| text.to_owned());
        let is_same = first == text;
        self.demand(ONE_TICKET, is_same, || format!("{key} has a second ticket"));
    }

    pub(crate) fn served(&mut self, key: ReplayKey, scope: &str, text: &str, store: &Store) {
        self.ticket(key, text);
        let first = self.scopes.entry(*key.as_bytes()).or_insert_with(|| scope.to_owned());
        let is_same = first == scope;
        self.demand(ONE_SCOPE, is_same, || format!("{key} also opened {scope}"));
        let stored = store.entry(key).and_then(Entry::grant).is_some_and(|grant| grant.ticket.text == text);
        self.demand(STORED, stored, || format!("{key} was served and is not granted"));
    }

    /// A payment that brought this name is taken.
    pub(crate) fn named(&mut self, name: &str, key: ReplayKey) {
        let is_same = *self.names.entry(name.to_owned()).or_insert(key) == key;
        self.demand(ONE_NAME, is_same, || format!("{name} also paid with {key}"));
    }

    pub(crate) fn paid_first(&mut self, scene: &Scene, chain: &Chain, key: ReplayKey, must: bool, store: &Store) {
        let settles_first = must || store.entry(key).is_some_and(Entry::settles_first);
        // That a report is one is judged when it closes the record.
        let reported = |entry: &Entry| entry.closed().is_some_and(|(_, evidence)| evidence == Evidence::Reported);
        let is_good = |entry: &Entry| is_paid(scene, chain, entry) || reported(entry);
        let paid = !settles_first || store.entry(key).is_some_and(is_good);
        self.demand(PAID_FIRST, paid, || format!("{key} was served before its money was there"));
    }

    pub(crate) fn changed(&mut self, scene: &Scene, chain: &Chain, change: &Change, earliest: u64, tally: &mut Tally) {
        let state = |entry: &Option<Entry>| entry.as_ref().map(Entry::state);
        let (from, to) = (state(&change.before), state(&change.after));
        // A settler that only postpones leaves a record where it is.
        let stays = from == to && matches!(from, Some(State::Granted | State::Claimed | State::Failed));
        let is_listed = tally.moved(from, to);
        self.demand(LIFE, is_listed || stays, || format!("{from:?} -> {to:?}"));
        let Some(after) = &change.after else {
            let Some(before) = &change.before else { return };
            let is_in_the_dark = self.dark.contains(before.key().as_bytes());
            let is_free = from == Some(State::Claimed) || before.is_refused() && !is_in_the_dark;
            let is_over = is_free || before.authorization().is_over_at(earliest);
            self.demand(REMEMBERED, is_over, || format!("{} was forgotten at {earliest}", before.key()));
            return;
        };
        if let Some(grant) = after.grant() {
            self.ticket(after.key(), &grant.ticket.text);
        }
        if from != to
            && let Some((_, evidence)) = after.closed()
        {
            let name = evidence.name();
            let is_true = match evidence {
                Evidence::Reported => {
                    after.transaction().is_some_and(|own| self.said.contains(&(*after.key().as_bytes(), own.hash)))
                }
                Evidence::Refused => !self.dark.contains(after.key().as_bytes()),
                _ => proves(scene, chain, after, evidence),
            };
            self.demand(EVIDENCE, is_true, || format!("{} is closed as {name}, which is not so", after.key()));
        }
    }

    /// A transaction is about to be sent: others with its payments can only have its place, or have lost theirs for good.
    pub(crate) fn sent(&mut self, scene: &Scene, chain: &Chain, sent: Sent) {
        if self.sent.iter().any(|other| other.hash == sent.hash) {
            return;
        }
        let taken = chain.nonces_until(chain.last_final);
        let keys = |sent: &Sent| sent.payments().into_iter().map(|payment| scene.payments[payment].key);
        let is_live = |other: &&Sent| other.nonce >= taken && other.nonce != sent.nonce && sent.nonce >= taken;
        let is_again = |other: &Sent| keys(other).any(|key| keys(&sent).any(|own| own == key));
        let again = self.sent.iter().filter(is_live).find(|other| is_again(other)).map(|other| other.nonce);
        self.demand(ONE_LIVE, again.is_none(), || format!("at {} and {again:?}", sent.nonce));
        self.sent.push(sent);
    }

    /// Whether it is new, and has the place of another.
    pub(crate) fn replaces_another(&self, sent: &Sent) -> bool {
        let is_new = self.sent.iter().all(|other| other.hash != sent.hash);
        is_new && self.sent.iter().any(|other| other.nonce == sent.nonce)
    }

    pub(crate) fn mined(&mut self, scene: &Scene, chain: &Chain, store: &Store) {
        for mined in &chain.blocks[chain.head()].transactions {
            for event in mined.events.iter().filter(|_| mined.nonce.is_some()) {
                let Event::Paid(payment) = *event else { continue };
                let key = scene.payments[payment].key;
                let is_due = store.entry(key).is_some_and(|entry| entry.grant().is_some() || entry.settles_first());
                self.demand(GRANTED, is_due, || format!("{key} was cashed and bought nothing"));
            }
        }
    }

    /// What has to be so at any time.
    pub(crate) fn at_rest(&mut self, scene: &Scene, chain: &Chain, store: &Store, when: When) {
        if when == When::Credit {
            let is_open = |entry: &Entry| !entry.state().is_final();
            let most = (0..crate::scene::PAYERS)
                .map(|payer| store.lent(&|entry| is_open(entry) && entry.authorization().payer() == scene.payer(payer)))
                .max();
            let fits = most <= Some(CREDIT.0) && store.lent(&is_open) <= CREDIT.1;
            self.demand(CREDIT_BOUND, fits, || format!("{most:?} to a payer"));
        }
        self.demand(ONE_TRANSFER, chain.is_sound(scene), || "a nonce paid twice".to_owned());
    }
}

/// Whether the exact transfer lies where it cannot be abandoned.
fn is_paid(scene: &Scene, chain: &Chain, entry: &Entry) -> bool {
    used_by(scene, chain, entry).is_some_and(|used| pays(scene, entry, used.event))
}

fn used_by(scene: &Scene, chain: &Chain, entry: &Entry) -> Option<Use> {
    let payment = scene.payments.iter().position(|payment| payment.key == entry.key())?;
    chain.use_of(scene, payment, chain.last_final)
}

fn pays(scene: &Scene, entry: &Entry, event: Event) -> bool {
    matches!(event, Event::Paid(payment) if scene.payments[payment].authorization.payee() == entry.authorization().payee())
}

fn proves(scene: &Scene, chain: &Chain, entry: &Entry, evidence: Evidence) -> bool {
    let used = used_by(scene, chain, entry);
    let event = used.map(|used| used.event);
    match evidence {
        // By the very transaction that it names.
        Evidence::Transferred => {
            let own = entry.transaction().map(|transaction| transaction.hash);
            is_paid(scene, chain, entry) && own == used.map(|used| used.hash)
        }
        Evidence::Cancelled => matches!(event, Some(Event::Cancelled(_))),
        Evidence::Diverted => event.is_some_and(|event| matches!(event, Event::Paid(_)) && !pays(scene, entry, event)),
        // What is over may still be cancelled, and its twin may live longer.
        Evidence::Expired => {
            let is_over = |number: usize| entry.authorization().is_over_at(chain.blocks[number].timestamp);
            let payment = scene.payments.iter().position(|payment| payment.key == entry.key());
            let used = payment.and_then(|payment| chain.use_of(scene, payment, chain.last_final));
            is_over(chain.last_final) && used.is_none_or(|used| is_over(used.block))
        }
        _ => false,
    }
}
