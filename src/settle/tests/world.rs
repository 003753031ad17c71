//! A relayer, a chain and a ledger, any step of which can fail.

use super::chain::Chain;
use super::wire::decode;
use crate::address::Address;
use crate::amount::Amount;
use crate::asset::AssetTable;
use crate::encoding::vec_from_hex;
use crate::http::{HttpAnswer, HttpFault, HttpRequest};
use crate::json::parse;
use crate::ledger::tests::{NOW, ticket};
use crate::ledger::{Claim, Entry, Grant, LedgerOp, LedgerOutcome, State, Stored};
use crate::network::Network;
use crate::protocol::{Dialect, Method, OwnRequirement, PaymentRequirements, ReceivedPayment, Terms};
use crate::settle::{Batch, FacilitatorClient, Finding, Relayer, RelayerConfig, SettleOutcome, SettleStep};
use crate::signature::SecretKey;
use crate::verify::{ReplayKey, verify};
use alloc::collections::{BTreeMap, VecDeque};
use alloc::string::{String, ToString as _};
use alloc::vec;
use alloc::vec::Vec;

/// What goes wrong with a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    None,
    /// The request does not arrive.
    Lost,
    /// It arrives, and its answer does not come back.
    AnswerLost,
    Answer(u16, &'static str),
    /// It is carried out, and its answer has this status.
    Status(u16),
    LedgerUnreachable,
    /// Somebody else wrote the record in between.
    Conflict,
    /// The process dies before the step is carried out.
    CrashBefore,
    /// The process dies after that.
    CrashAfter,
}

pub(super) struct World {
    pub(super) chain: Chain,
    pub(super) relayer: Relayer,
    pub(super) ledger: BTreeMap<ReplayKey, Stored>,
    pub(super) now: u64,
    pub(super) pay_to: Address,
    /// The transactions that were handed to the node, again and again counted.
    pub(super) sent: Vec<String>,
    /// What a facilitator answers next; afterwards nothing.
    pub(super) script: VecDeque<Result<HttpAnswer, HttpFault>>,
    /// The bodies that it was asked with.
    pub(super) handed: Vec<String>,
}

impl World {
    pub(super) fn new() -> Self {
        Self::with_confirmations(1)
    }

    pub(super) fn with_confirmations(confirmations: u64) -> Self {
        let asset = AssetTable::default().default_for(Network::from_chain_id(84532).unwrap()).unwrap();
        let config = RelayerConfig {
            rpc: vec!["http://node".to_string()],
            confirmations,
            max_fee_per_gas: 1_000_000_000,
            batch: Batch::default(),
        };
        let key = SecretKey::from_bytes(&mut [0x11; 32]).unwrap();
        Self {
            chain: Chain::new(asset, NOW),
            relayer: Relayer::new(config, key),
            ledger: BTreeMap::new(),
            now: NOW + 1,
            pay_to: Address::from_bytes([0x22; 20]),
            sent: vec![],
            script: VecDeque::new(),
            handed: vec![],
        }
    }

    /// A world with one granted check, a facilitator and, where there is an `rpc`, a chain to ask.
    pub(super) fn with_facilitator(rpc: &str) -> (Self, ReplayKey) {
        Self::with_facilitator_by(Method::Eip3009, rpc)
    }

    pub(super) fn with_facilitator_by(method: Method, rpc: &str) -> (Self, ReplayKey) {
        let mut world = Self::new();
        let options = alloc::format!(r#"{{"url":"http://facilitator//"{rpc}}}"#);
        let (facilitator, config) = FacilitatorClient::from_value(&parse(&options).unwrap()).unwrap();
        world.relayer = Relayer::through(facilitator, config);
        let entry = world.claim_by(method, [0x77; 32]).for_facilitator("the same bytes".to_string());
        let key = world.put(entry.granted(Grant { at: NOW, ticket: ticket() }, Some(NOW)).unwrap());
        (world, key)
    }

    /// A world with one granted check.
    pub(super) fn granted() -> (Self, ReplayKey) {
        let mut world = Self::new();
        let key = world.grant([0x77; 32]);
        (world, key)
    }

    pub(super) fn claim(&mut self, nonce: [u8; 32]) -> Entry {
        self.claim_by(Method::Eip3009, nonce)
    }

    pub(super) fn claim_by(&mut self, method: Method, nonce: [u8; 32]) -> Entry {
        let asset = self.chain.asset.clone();
        let payer = SecretKey::from_bytes(&mut [0x46; 32]).unwrap();
        let (network, contract, pay_to) = (asset.network, asset.address, self.pay_to);
        let requirements = PaymentRequirements {
            method,
            network,
            asset: contract,
            amount: Amount::from(10_000),
            pay_to,
            max_timeout_seconds: 300,
            domain: None,
        };
        let authorization = requirements.check(payer.address(), nonce, NOW + 300).unwrap();
        let signature = payer.sign(&authorization.digest(&asset));
        let terms = Terms {
            method,
            network,
            asset: Some(contract),
            amount: None,
            pay_to: None,
            max_timeout_seconds: None,
            domain: None,
        };
        let received = ReceivedPayment { dialect: Dialect::Mock, terms, authorization, seal: signature.into() };
        let verified = verify(&received, &[OwnRequirement { requirements, asset }], NOW, 600).unwrap();
        let claim = Claim { at: NOW, lease_until: NOW + 30 };
        Entry::claimed(&verified, "https://cinema.example", "matinee", claim)
    }

    pub(super) fn grant(&mut self, nonce: [u8; 32]) -> ReplayKey {
        let entry = self.claim(nonce).granted(Grant { at: NOW, ticket: ticket() }, Some(NOW)).unwrap();
        self.put(entry)
    }

    /// The account of the relayer.
    pub(super) const fn relayer(&self) -> Address {
        self.relayer.address()
    }

    pub(super) fn put(&mut self, entry: Entry) -> ReplayKey {
        let key = entry.key();
        self.ledger.insert(key, Stored { entry, version: 1 });
        key
    }

    pub(super) fn entry(&self, key: ReplayKey) -> &Entry {
        &self.ledger[&key].entry
    }

    pub(super) fn paid(&self, key: ReplayKey) -> usize {
        self.chain.payments(self.entry(key).authorization())
    }

    /// Waits until the record is due, unless it is closed, and looks at it without faults.
    pub(super) fn look(&mut self, key: ReplayKey) -> Finding {
        if !self.entry(key).state().is_final() {
            self.now = self.now.max(self.entry(key).due_at().unwrap_or(0));
        }
        self.look_with(key, |_| Fault::None).unwrap()
    }

    /// Looks at a record now. `fault` is asked for every step, by its number; `None` after a crash.
    pub(super) fn look_with(&mut self, key: ReplayKey, fault: impl Fn(usize) -> Fault) -> Option<Finding> {
        let mut step = self.relayer.begin(self.ledger[&key].clone(), self.now);
        for number in 0.. {
            let fault = fault(number);
            if fault == Fault::CrashBefore {
                return None;
            }
            let (outcome, then) = match step {
                SettleStep::Done(finding) => return Some(finding),
                SettleStep::Http { request, then } => {
                    let post = if request.credentials.is_some() { Self::ask_facilitator } else { Self::post };
                    (SettleOutcome::Http(post(self, &request, fault)), then)
                }
                SettleStep::Ledger { op, then } => (SettleOutcome::Ledger(self.store(op, fault)), then),
            };
            if fault == Fault::CrashAfter {
                return None;
            }
            step = self.relayer.resume(then, outcome, self.now);
        }
        None
    }

    fn ask_facilitator(&mut self, request: &HttpRequest, fault: Fault) -> Result<HttpAnswer, HttpFault> {
        assert_eq!((request.method, &*request.url), ("POST", "http://facilitator/settle"));
        assert_eq!(request.credentials, Some("settle"));
        if fault == Fault::Lost {
            return Err(HttpFault::Unreachable);
        }
        let states: Vec<_> = self.ledger.values().map(|stored| stored.entry.state()).collect();
        assert!(states.iter().all(|state| *state != State::Granted), "S40: written before the effect");
        self.handed.push(request.body.clone().unwrap());
        self.script.pop_front().unwrap_or(Err(HttpFault::TooSlow))
    }

    pub(super) fn post(&mut self, request: &HttpRequest, fault: Fault) -> Result<HttpAnswer, HttpFault> {
        assert!(request.url.starts_with("http://node"), "{}", request.url);
        let body = &*request.body.clone().unwrap();
        for raw in body.split(r#""eth_sendRawTransaction","params":[""#).skip(1) {
            let raw = raw.split('"').next().unwrap();
            let sent = decode(&vec_from_hex(raw).unwrap(), self.chain.id);
            // One that only fills a place has nothing to write down.
            let fills = sent.to == sent.sender && sent.data.is_empty();
            let stored = |stored: &Stored| stored.entry.transaction().is_some_and(|known| known.hash == sent.hash);
            assert!(fills || self.ledger.values().any(stored), "S47: stored before it is sent");
            self.sent.push(raw.to_string());
        }
        let answered = |status, body| Ok(HttpAnswer { status, body, retry_after: None });
        match fault {
            Fault::Lost => Err(HttpFault::Unreachable),
            Fault::Answer(status, body) => answered(status, body.to_string()),
            Fault::AnswerLost => {
                self.chain.answer(body);
                Err(HttpFault::Unreachable)
            }
            Fault::Status(status) => answered(status, self.chain.answer(body)),
            _ => answered(200, self.chain.answer(body)),
        }
    }

    pub(super) fn store(&mut self, op: LedgerOp, fault: Fault) -> LedgerOutcome {
        match fault {
            Fault::LedgerUnreachable => return LedgerOutcome::Unreachable,
            Fault::Conflict => return LedgerOutcome::Moved,
            _ => {}
        }
        let version_of = |world: &Self, key| world.ledger.get(&key).map_or(0, |stored| stored.version);
        match op {
            LedgerOp::Read(key) => LedgerOutcome::Found(self.ledger.get(&key).cloned()),
            LedgerOp::Write { entry, expected } => {
                let key = entry.key();
                if version_of(self, key) != expected {
                    return LedgerOutcome::Moved;
                }
                // What a store keeps is the text.
                let entry = Entry::from_record(&entry.to_record()).unwrap();
                let version = expected + 1;
                self.ledger.insert(key, Stored { entry, version });
                LedgerOutcome::Written(version)
            }
            LedgerOp::Lend { .. } => LedgerOutcome::NoCredit,
            LedgerOp::Link { .. } => panic!("settling makes no links"),
            LedgerOp::Remove { key, expected } => {
                if version_of(self, key) != expected {
                    return LedgerOutcome::Moved;
                }
                self.ledger.remove(&key);
                LedgerOutcome::Written(expected)
            }
        }
    }
}
