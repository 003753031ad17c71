//! Who comes in a run, what they do next, and what goes wrong with it.

use crate::chain::{AMOUNT, Event};
use crate::facilitator::{FACILITATOR, Untruth};
use crate::node::Lie;
use crate::rng::Rng;
use crate::scene::{CHEAP, MAX_FEE, NONCES, PAYERS, SCOPES, Scene};
use crate::sign_in::proof_of;
use crate::world::{Action, Fault, INSTANCES, Place, Sabotage, World};
use x402_wasm::gate::Effect;
use x402_wasm::http::HttpRequest;
use x402_wasm::settle::RoundStep;

/// Who comes in this run, and how troubled it is.
pub(crate) struct Cast {
    pub(crate) payments: Vec<usize>,
    /// These are presented first, one right after the other.
    crowd: Vec<usize>,
    pub(crate) actions: usize,
    /// Of so many steps, one goes wrong.
    calm: usize,
    arrivals: usize,
    is_faithful: bool,
    /// Money comes and goes while transactions are on their way.
    is_restless: bool,
}

impl Cast {
    pub(crate) fn new(rng: &mut Rng) -> Self {
        let count = 1 + rng.below(4);
        let one_payer = rng.once_in(2).then(|| rng.below(PAYERS));
        let payments =
            (0..count).map(|_| one_payer.unwrap_or_else(|| rng.below(PAYERS)) * NONCES + rng.below(NONCES)).collect();
        let crowd: Vec<usize> = if rng.once_in(6) { crowd(rng, one_payer) } else { vec![] };
        let payments = if crowd.is_empty() { payments } else { crowd.clone() };
        Self {
            payments,
            crowd,
            actions: 20 + rng.below(70),
            calm: rng.pick(&[2, 4, 8, 40]),
            arrivals: 2 + rng.below(5),
            is_faithful: rng.once_in(3),
            is_restless: rng.once_in(8),
        }
    }

    pub(crate) fn next(&mut self, rng: &mut Rng, world: &World<'_>) -> Option<Action> {
        let visits = world.visits.len();
        if let Some(payment) = self.crowd.pop() {
            let place = rng.pick(&[Place::Office, Place::Resource]);
            return Some(Action::Arrive { payment, scope: 0, place, instance: rng.below(INSTANCES) });
        }
        Some(match rng.below(100) {
            0..10 if self.arrivals > 0 => {
                self.arrivals -= 1;
                let payment = rng.pick(&self.payments);
                let twin = rng.once_in(12);
                Action::Arrive {
                    payment: if twin { Scene::twin(payment) } else { payment },
                    // Mostly at one route, sometimes at both.
                    scope: usize::from(rng.once_in(8)) % SCOPES.len(),
                    place: rng.pick(&[Place::Office, Place::Resource]),
                    instance: rng.below(INSTANCES),
                }
            }
            0..46 if visits > 0 => {
                let visit = rng.below(visits);
                Action::Go { visit, fault: self.fault(rng, world.waits_for(visit)) }
            }
            46..72 => Action::Settle(self.settler_fault(rng, world)),
            72..80 => Action::Mine { is_empty: rng.once_in(4) },
            80..88 => Action::Pass(rng.pick(&[1, 1, 1, 2, 5, 16, 35])),
            88..90 if !world.store.late.is_empty() => Action::Arrives(rng.below(world.store.late.len())),
            88..91 if !world.sent_late.is_empty() => Action::Sent(rng.below(world.sent_late.len())),
            91 if !world.tickets.is_empty() => {
                Action::Show { ticket: rng.below(world.tickets.len()), instance: rng.below(INSTANCES) }
            }
            92 if world.policy.named => {
                let payer = world.scene.payments[rng.pick(&self.payments)].payer;
                let proof = proof_of(payer, usize::from(rng.once_in(8)) % SCOPES.len(), rng.below(2));
                Action::SignIn { proof, instance: rng.below(INSTANCES) }
            }
            88..92 if self.is_restless => {
                let payer = world.scene.payments[rng.pick(&self.payments)].payer;
                let balance = world.chain.balance(world.scene, payer);
                let is_rich = balance >= AMOUNT;
                Action::Stranger(if is_rich {
                    Event::Drained(payer, balance)
                } else {
                    Event::Refilled(payer, 2 * AMOUNT)
                })
            }
            92..95 if !self.is_faithful => Action::Stranger(self.deed(rng, world)),
            95 => Action::Crash(rng.below(INSTANCES)),
            96 => Action::Reorganise { depth: 1 + rng.below(3), is_forgotten: rng.once_in(2) },
            97 => rng.pick(&[Action::Drop, Action::Replace]),
            98 => match rng.below(3) {
                0 => Action::BaseFee(rng.pick(&[CHEAP / 2, 1_000, 5_000, MAX_FEE * 2])),
                1 => Action::GasMoney(rng.once_in(2)),
                _ => Action::SetClock { instance: rng.below(INSTANCES), off: rng.pick(&[-20, -5, 0, 5, 20]) },
            },
            99 if world.sabotage == Sabotage::StoreForgets => Action::Forget,
            99 if rng.once_in(12) => Action::Pass(rng.pick(&[120, 400, 1_200, 5_000])),
            _ => return None,
        })
    }

    fn deed(&self, rng: &mut Rng, world: &World<'_>) -> Event {
        let payment = rng.pick(&self.payments);
        let payer = world.scene.payments[payment].payer;
        match rng.below(5) {
            0 => Event::Paid(payment),
            1 => Event::Paid(Scene::twin(payment)),
            2 => Event::Cancelled(payment),
            3 => Event::Drained(payer, world.chain.balance(world.scene, payer)),
            _ => Event::Refilled(payer, AMOUNT),
        }
    }

    fn fault(&self, rng: &mut Rng, effect: &Effect) -> Fault {
        if !rng.once_in(self.calm) {
            return Fault::None;
        }
        match effect {
            Effect::Ledger(_) => rng.pick(&STORE_FAULTS),
            Effect::Http(request) => http_fault(rng, request),
            Effect::Handle(_) => Fault::HandlerFails,
            _ => Fault::None,
        }
    }

    fn settler_fault(&self, rng: &mut Rng, world: &World<'_>) -> Fault {
        match &world.cashing {
            // Whose word it is, is less to be relied on than the wire.
            Some(RoundStep::Http { request, .. }) if request.url.starts_with(FACILITATOR) && rng.once_in(4) => {
                http_fault(rng, request)
            }
            _ if !rng.once_in(self.calm) => Fault::None,
            Some(RoundStep::Http { request, .. }) => http_fault(rng, request),
            _ => rng.pick(&STORE_FAULTS),
        }
    }
}

/// Other checks each, so that many are due together; of one payer, their money does not suffice for all.
fn crowd(rng: &mut Rng, one_payer: Option<usize>) -> Vec<usize> {
    match one_payer {
        Some(payer) => (0..NONCES).map(|nonce| payer * NONCES + nonce).collect(),
        None => (0..PAYERS + rng.below(3)).map(|place| place % PAYERS * NONCES + place / PAYERS).collect(),
    }
}

const STORE_FAULTS: [Fault; 4] = [Fault::Lost, Fault::AnswerLost, Fault::Twice, Fault::Late];

fn http_fault(rng: &mut Rng, request: &HttpRequest) -> Fault {
    if !request.url.starts_with(FACILITATOR) {
        return node_fault(rng);
    }
    rng.pick(&[
        Fault::Lost,
        Fault::AnswerLost,
        Fault::Twice,
        Fault::Late,
        Fault::Garbage,
        Fault::BadStatus,
        Fault::Untrue(Untruth::StillPending),
        Fault::Untrue(Untruth::NoTransaction),
        Fault::Untrue(Untruth::AnotherTransaction),
        Fault::Untrue(Untruth::Refusal),
        Fault::Untrue(Untruth::FalseRefusal),
    ])
}

fn node_fault(rng: &mut Rng) -> Fault {
    rng.pick(&[
        Fault::Lost,
        Fault::AnswerLost,
        Fault::Twice,
        Fault::Late,
        Fault::Garbage,
        Fault::BadStatus,
        Fault::Lie(Lie::Lag(1)),
        Fault::Lie(Lie::Lag(3)),
        Fault::Lie(Lie::OldState(2)),
        Fault::Lie(Lie::HeadTime(100_000)),
        Fault::Lie(Lie::HeadTime(-300)),
        Fault::Lie(Lie::WrongChain),
        Fault::Lie(Lie::WithoutMulticall),
    ])
}
