//! Everything around the payer: clock, wire, store, wallet and the line in front of an office, each of which may fail.

use super::NOW;
use super::gate::Gate;
use crate::amount::Amount;
use crate::extension::sign_in::Statement;
use crate::json::{Value, parse};
use crate::payer::{ApprovedPayment, Flow, Notice, Outcome, Payer, PayerError, RequestHead, ResponseHead, Send, Step};
use crate::signature::SecretKey;
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, VecDeque};
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

/// What happens to the next request that carries a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    None,
    LostRequest,
    LostAnswer,
    Twice,
    Status(u16),
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    Answer(ResponseHead),
    Error(PayerError),
    NetworkError,
}

type Wallet = fn(&ApprovedPayment) -> Outcome;

pub(super) struct World {
    pub(super) now: u64,
    pub(super) payer: Payer,
    pub(super) gate: Gate,
    pub(super) faults: VecDeque<Fault>,
    pub(super) wallet: Wallet,
    pub(super) saved: Option<String>,
    pub(super) store_works: bool,
    pub(super) randomness: bool,
    /// Everything that went over the wire.
    pub(super) sent: Vec<Send>,
    pub(super) slept: Vec<u32>,
    pub(super) notices: Vec<Notice>,
    /// Whether the owner lets Permit2 take something, and what the owner was asked.
    pub(super) allows: bool,
    pub(super) allowances: Vec<Value>,
    /// What the owner says to a payee that changed, and what the owner was asked.
    pub(super) confirms: fn(&Value) -> Outcome,
    pub(super) questions: Vec<Value>,
    /// How often a signature was asked for.
    pub(super) signatures: usize,
    /// How often a text was to be signed, and what the wallet says to that.
    pub(super) sign_ins: usize,
    pub(super) greets: fn(&Statement) -> Outcome,
    draws: u64,
    options: Value,
}

/// A request under way: its flow and the step to do next.
pub(super) struct Running {
    request: RequestHead,
    flow: Flow,
    step: Step,
    last: Option<ResponseHead>,
    holds: Vec<String>,
}

pub(super) fn key() -> SecretKey {
    SecretKey::from_bytes(&mut [0x46; 32]).unwrap()
}

pub(super) fn get(url: &str) -> RequestHead {
    RequestHead {
        method: "GET".to_string(),
        url: url.to_string(),
        authorized: false,
        paid: false,
        replayable: true,
        most: Amount::MAX,
    }
}

pub(super) fn signs(payment: &ApprovedPayment) -> Outcome {
    Outcome::Signed(key().sign(&payment.authorization().digest(payment.asset())).to_hex())
}

impl World {
    pub(super) fn new(gate: Gate) -> Self {
        Self::with_budget(gate, "")
    }

    pub(super) fn with_budget(gate: Gate, budget: &str) -> Self {
        Self::with_options(gate, &format!(r#"{{"networks":["eip155:84532"],"budget":{{{budget}}}}}"#))
    }

    pub(super) fn with_options(gate: Gate, options: &str) -> Self {
        let options = parse(options).unwrap();
        Self {
            now: NOW,
            payer: Payer::open(&options, key().address(), None).unwrap(),
            gate,
            faults: VecDeque::new(),
            wallet: signs,
            saved: None,
            store_works: true,
            randomness: true,
            sent: Vec::new(),
            slept: Vec::new(),
            notices: Vec::new(),
            allows: true,
            allowances: Vec::new(),
            confirms: |_| Outcome::Ready,
            questions: Vec::new(),
            signatures: 0,
            sign_ins: 0,
            greets: |statement| Outcome::Signed(key().sign(&statement.digest(key().address())).to_hex()),
            draws: 0,
            options,
        }
    }

    /// The process dies; what was saved is opened again.
    pub(super) fn crash(&mut self) {
        self.payer = Payer::open(&self.options, key().address(), self.saved.as_deref()).unwrap();
    }

    pub(super) fn spent_today(&self) -> String {
        let spending = self.payer.spending(self.now);
        spending.get("perDay").unwrap().get("spent").unwrap().as_str().unwrap().to_string()
    }

    pub(super) fn payments_sent(&self) -> usize {
        self.sent.iter().filter(|send| matches!(send, Send::Office { .. } | Send::Payment { .. })).count()
    }

    pub(super) fn get(&mut self, url: &str) -> End {
        self.fetch(get(url))
    }

    pub(super) fn fetch(&mut self, request: RequestHead) -> End {
        let mut ends = self.fetch_all(Vec::from([request]), |_| 0);
        ends.remove(0)
    }

    /// Carries all requests at once; `pick` says which of so many runnable ones takes its next step.
    pub(super) fn fetch_all(&mut self, requests: Vec<RequestHead>, mut pick: impl FnMut(usize) -> usize) -> Vec<End> {
        let mut lines: BTreeMap<String, usize> = BTreeMap::new();
        let mut ends: Vec<Option<End>> = requests.iter().map(|_| None).collect();
        let mut running: Vec<(usize, Running)> =
            requests.into_iter().enumerate().map(|(index, request)| (index, self.begin(request))).collect();
        while !running.is_empty() {
            let free = |lines: &BTreeMap<String, usize>, (_, running): &(usize, Running)| match &running.step {
                Step::Lock(name) => !lines.contains_key(name),
                _ => true,
            };
            let runnable: Vec<usize> = (0..running.len()).filter(|at| free(&lines, &running[*at])).collect();
            let at = runnable[pick(runnable.len())];
            let (index, ref mut request) = running[at];
            match &request.step {
                Step::Lock(name) => assert!(lines.insert(name.clone(), index).is_none()),
                Step::Unlock(name) => assert_eq!(lines.remove(name), Some(index)),
                _ => {}
            }
            if let Some(end) = self.step(request) {
                lines.retain(|_, holder| *holder != index);
                ends[index] = Some(end);
                running.swap_remove(at);
            }
        }
        ends.into_iter().map(Option::unwrap).collect()
    }

    pub(super) fn begin(&mut self, request: RequestHead) -> Running {
        let (flow, step) = Flow::begin(&self.payer, request.clone(), self.now);
        Running { request, flow, step, last: None, holds: Vec::new() }
    }

    /// Does a running request's next step.
    pub(super) fn step(&mut self, running: &mut Running) -> Option<End> {
        let outcome = match running.step.clone() {
            Step::Send(send) => self.send(&running.request, &send),
            Step::Lock(name) => {
                running.holds.push(name);
                Outcome::Ready
            }
            Step::Unlock(name) => {
                running.holds.retain(|held| *held != name);
                Outcome::Ready
            }
            Step::Random if !self.randomness => Outcome::Failed,
            Step::Random => {
                self.draws += 1;
                let mut nonce = [0; 32];
                nonce[24..].copy_from_slice(&self.draws.to_be_bytes());
                Outcome::Nonce(nonce)
            }
            Step::Save if !self.store_works => Outcome::Failed,
            Step::Save => {
                self.saved = Some(self.payer.to_record());
                Outcome::Ready
            }
            Step::Allow(needed) => {
                self.allowances.push(needed);
                if self.allows { Outcome::Ready } else { Outcome::Failed }
            }
            Step::Confirm(change) => {
                let answer = (self.confirms)(&change);
                self.questions.push(change);
                answer
            }
            Step::Sign(payment) => {
                let nonce = crate::encoding::hex(payment.authorization().nonce());
                assert!(self.saved.as_ref().unwrap().contains(&nonce), "S62: counted before it is signed");
                self.signatures += 1;
                match (self.wallet)(&payment) {
                    // A build that takes nothing from outside is lent the key.
                    Outcome::Signed(_) if !cfg!(feature = "outside-wallets") => {
                        running.flow.sign_with(&key(), key().address())
                    }
                    said => said,
                }
            }
            Step::SignIn(statement) => {
                self.sign_ins += 1;
                (self.greets)(&statement)
            }
            Step::Sleep(milliseconds) => {
                self.slept.push(milliseconds);
                self.now += u64::from(milliseconds.div_ceil(1000));
                Outcome::Ready
            }
            Step::Done => return Some(End::Answer(running.last.clone().unwrap())),
            Step::Fail { error, .. } => return Some(End::Error(*error)),
            Step::Rethrow => return Some(End::NetworkError),
        };
        if let Outcome::Response(response) = &outcome {
            running.last = Some((**response).clone());
        }
        running.step = running.flow.resume(&mut self.payer, outcome, self.now);
        self.notices.extend(running.flow.take_notices());
        None
    }

    fn send(&mut self, request: &RequestHead, send: &Send) -> Outcome {
        self.sent.push(send.clone());
        let carries_payment = matches!(send, Send::Office { .. } | Send::Payment { .. });
        if let Send::Office { body, .. } = send
            && let Some(saved) = &self.saved
        {
            let signature = body.split(['"']).find(|text| text.len() == 132 && text.starts_with("0x"));
            let part = body.split("\"r\":\"0x").nth(1).map(|rest| &rest[..64]);
            let signature = signature.map(|text| &text[2..66]).or(part).unwrap();
            assert!(saved.contains(signature), "S62: saved before it leaves");
        }
        let fault = if carries_payment { self.faults.pop_front().unwrap_or(Fault::None) } else { Fault::None };
        match fault {
            Fault::LostRequest => Outcome::Failed,
            Fault::LostAnswer => {
                self.gate.answer(request, send, self.now);
                Outcome::Failed
            }
            Fault::Status(status) => {
                let url = request.url.clone();
                Outcome::Response(Box::new(ResponseHead { status, url, ..ResponseHead::default() }))
            }
            Fault::Twice => {
                self.gate.answer(request, send, self.now);
                Outcome::Response(Box::new(self.gate.answer(request, send, self.now)))
            }
            Fault::None => Outcome::Response(Box::new(self.gate.answer(request, send, self.now))),
        }
    }
}

impl Running {
    pub(super) const fn next_step(&self) -> &Step {
        &self.step
    }

    /// Takes an outcome that the world would not have produced.
    pub(super) fn resume_with(&mut self, world: &mut World, outcome: Outcome) -> &Step {
        self.step = self.flow.resume(&mut world.payer, outcome, world.now);
        &self.step
    }

    pub(super) fn abandon(self, world: &mut World) {
        self.flow.abandon(&mut world.payer);
    }
}

impl End {
    pub(super) fn status(&self) -> u16 {
        match self {
            Self::Answer(response) => response.status,
            other => panic!("no answer: {other:?}"),
        }
    }

    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Error(error) => error.code(),
            other => panic!("no error: {other:?}"),
        }
    }
}
