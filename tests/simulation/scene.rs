//! What all runs share, because it is dear to make: signed payments, gates and relayers.

use crate::facilitator::FACILITATOR;
use crate::sign_in::{Proof, proofs};
use crate::visit::Head;
use x402_wasm::address::Address;
use x402_wasm::asset::{Asset, AssetTable};
use x402_wasm::authorization::Authorization;
use x402_wasm::dialect::v2;
use x402_wasm::gate::{Gate, Outcome, Step};
use x402_wasm::http::HttpAnswer;
use x402_wasm::json::{Value, parse};
use x402_wasm::ledger::LedgerOutcome;
use x402_wasm::network::Network;
use x402_wasm::protocol::{AssetDomain, Method, Offer, PaymentRequirements, SignedPayment};
use x402_wasm::settle::{FacilitatorClient, Relayer, RelayerConfig};
use x402_wasm::signature::{SecretKey, Signature};
use x402_wasm::verify::ReplayKey;

/// When every run begins, in seconds since the epoch.
pub(crate) const START: u64 = 1_700_000_000;
pub(crate) const CHAIN_ID: u64 = 84532;
pub(crate) const NODE: &str = "http://node";
pub(crate) const MAX_FEE: u64 = 100_000;
/// What a gas costs when nobody waits any more.
pub(crate) const CHEAP: u64 = 900;
pub(crate) const PAYERS: usize = 3;
/// Most confirmations that a relayer asks for.
pub(crate) const DEPTHS: usize = 4;
/// Routes of one price, so that a payment for one could be tried at the other.
pub(crate) const SCOPES: [&str; 2] = ["GET /a", "GET /b"];
const PRICE: u64 = 10_000;

/// A signed payment in the forms in which it is presented.
pub(crate) struct Payment {
    pub(crate) payer: usize,
    pub(crate) authorization: Authorization,
    pub(crate) signature: Signature,
    pub(crate) key: ReplayKey,
    /// Some of a payer's share one.
    pub(crate) name: String,
    pub(crate) header: String,
    pub(crate) body: String,
}

/// How a gate sells.
#[allow(clippy::struct_excessive_bools, reason = "each is an option of its own, and all of them meet")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Policy {
    pub(crate) when: When,
    pub(crate) revocable: bool,
    /// Whether the gate asks the chain before it accepts.
    pub(crate) asks: bool,
    pub(crate) settles: bool,
    /// The facilitator that settles; `None`: the gate's own relayer, where it settles.
    pub(crate) via: Option<Via>,
    /// Whether payments have names, and payers sign in.
    pub(crate) named: bool,
}

/// Who looks at what a facilitator did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Via {
    /// Nobody: its word is taken, and recorded as such.
    Blind,
    /// The chain is asked.
    Watched,
}

/// How a relayer cashes what is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Batching {
    /// One by one, at one node.
    Alone,
    /// What is due at the same time goes together, as is the default; there are two nodes.
    Together,
    /// Two wait for each other, half a minute at most, or until gas is cheap.
    Waiting,
}

impl Batching {
    pub(crate) const ALL: [Self; 3] = [Self::Alone, Self::Together, Self::Waiting];

    /// For how many seconds a check waits for others.
    pub(crate) fn age(self) -> u64 {
        if self == Self::Waiting { 30 } else { 0 }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    Before,
    After,
    Credit,
}

/// The limits of [`When::Credit`], in millionths: two checks to a payer, three in all, five within an hour.
pub(crate) const CREDIT: (u64, u64, u64) = (20_000, 30_000, 50_000);

pub(crate) struct Scene {
    pub(crate) asset: Asset,
    /// Three nonces of each payer; behind them the twins: another check under the same nonce.
    pub(crate) payments: Vec<Payment>,
    pub(crate) gates: Vec<(Policy, Gate)>,
    pub(crate) relayer: Address,
    pub(crate) proofs: Vec<Proof>,
}

pub(crate) const NONCES: usize = 3;

impl Scene {
    pub(crate) fn new() -> Self {
        let asset = AssetTable::default().default_for(Network::from_chain_id(CHAIN_ID).unwrap()).unwrap();
        let mut payments = Vec::new();
        for (lifetime, is_twin) in [(300, false), (290, true)] {
            for payer in 0..PAYERS {
                for nonce in 0..NONCES {
                    // A long window on some, so that records and authorizations end in different orders.
                    let deadline = START + lifetime + 400 * u64::from(nonce == 2);
                    payments.push(Payment::new(&asset, payer, nonce, deadline, is_twin));
                }
            }
        }
        let mut gates = Vec::new();
        for when in [When::Before, When::After, When::Credit] {
            for (revocable, asks) in [(false, false), (true, false), (false, true), (true, true)] {
                let policy = Policy { when, revocable, asks, settles: true, via: None, named: revocable };
                gates.push((policy, policy.gate()));
            }
        }
        let uncashed =
            Policy { when: When::After, revocable: false, asks: false, settles: false, via: None, named: false };
        gates.push((uncashed, uncashed.gate()));
        for when in [When::Before, When::After, When::Credit] {
            for via in [Via::Blind, Via::Watched] {
                let policy = Policy { when, revocable: true, settles: true, via: Some(via), ..uncashed };
                gates.push((policy, policy.gate().heard_of_kinds(&payments[0])));
            }
        }
        let relayer = relayer(1, Batching::Alone).address();
        let (_, named) = gates.iter().find(|(policy, _)| policy.named).unwrap();
        let proofs = proofs(named);
        Self { asset, payments, gates, relayer, proofs }
    }

    pub(crate) fn payer(&self, payer: usize) -> Address {
        self.payments[payer * NONCES].authorization.payer()
    }

    /// The other check under the same nonce.
    pub(crate) const fn twin(payment: usize) -> usize {
        (payment + PAYERS * NONCES) % (2 * PAYERS * NONCES)
    }
}

fn relayer(confirmations: usize, batching: Batching) -> Relayer {
    let key = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
    let options = match batching {
        Batching::Alone => format!(r#""rpc":"{NODE}","batch":{{"count":1}}"#),
        Batching::Together => format!(r#""rpc":["{NODE}/1","{NODE}/2"]"#),
        Batching::Waiting => {
            let age = batching.age();
            format!(r#""rpc":"{NODE}","batch":{{"count":2,"age":{age},"gasPrice":"{CHEAP}"}}"#)
        }
    };
    let config = format!(r#"{{{options},"key":"{key}","confirmations":{confirmations},"maxFeePerGas":"{MAX_FEE}"}}"#);
    let (config, key) = RelayerConfig::from_value(&parse(&config).unwrap()).unwrap();
    Relayer::new(config, key)
}

fn through(options: &str) -> Relayer {
    let config = format!(r#"{{"url":"{FACILITATOR}"{options}}}"#);
    let (client, config) = FacilitatorClient::from_value(&parse(&config).unwrap()).unwrap();
    Relayer::through(client, config)
}

trait Heard {
    /// A gate remembers what its facilitator settles, and all runs share it: so it is asked before the first one.
    fn heard_of_kinds(self, payment: &Payment) -> Self;
}

impl Heard for Gate {
    fn heard_of_kinds(self, payment: &Payment) -> Self {
        let kinds = format!(r#"{{"kinds":[{{"x402Version":2,"scheme":"exact","network":"eip155:{CHAIN_ID}"}}]}}"#);
        let unknown = Outcome::Ledger(LedgerOutcome::Found(None));
        let supported = Outcome::Http(Ok(HttpAnswer { status: 200, body: kinds, retry_after: None }));
        let mut step = self.begin(&Head::with_payment(SCOPES[0], payment), START);
        for outcome in [unknown, supported] {
            let Step::Need(_, flow) = step else { panic!("{step:?}") };
            step = flow.resume(&self, outcome, START);
        }
        self
    }
}

impl Policy {
    /// Made for each run, because it remembers which nodes failed.
    pub(crate) fn relayer(self, confirmations: usize, batching: Batching) -> Relayer {
        match self.via {
            None => relayer(confirmations, batching),
            Some(Via::Blind) => through(""),
            Some(Via::Watched) => through(&format!(r#","rpc":"{NODE}","confirmations":{confirmations}"#)),
        }
    }

    fn gate(self) -> Gate {
        let when = if self.when == When::Before { r#""when":"before","# } else { "" };
        let credit = r#""credit":{"perPayer":"0.02","inAll":"0.03","perHour":"0.05"},"#;
        let credit = if self.when == When::Credit { credit } else { "" };
        // Kept as briefly as may be, so that runs come to the end of a record.
        let keep = if self.when == When::Credit { 3_600 } else { 60 };
        let chains = format!(r#""chains":{{"eip155:{CHAIN_ID}":{{"rpc":["{NODE}/1","{NODE}/2"]}}}},"#);
        let chains = if self.asks { chains.as_str() } else { "" };
        let named = r#""paymentIdentifier":"optional","seed":"0123456789abcdef01234567","signIn":{"origin":"https://cinema.example"},"#;
        let named = if self.named { named } else { "" };
        let via = format!(r#""settleVia":{{"url":"{FACILITATOR}"}},"#);
        let via = if self.via.is_some() { via.as_str() } else { "" };
        let route = format!(r#"{{"price":"$0.01","ticket":{{"ttl":200,"revocable":{}}}}}"#, self.revocable);
        let config = format!(
            r#"{{"payTo":"{}","network":"eip155:{CHAIN_ID}","settles":{},"keep":{keep},{when}{credit}{chains}{via}{named}
            "tickets":{{"issuer":"https://cinema.example","keys":[{{"kid":"a","secret":"0123456789abcdef0123456789abcdef"}}]}},
            "routes":{{"GET /a":{route},"GET /b":{route}}}}}"#,
            payee().to_checksummed(),
            self.settles
        );
        Gate::from_config(&parse(&config).unwrap()).unwrap_or_else(|error| panic!("{error}"))
    }
}

pub(crate) fn payer_key(payer: usize) -> SecretKey {
    SecretKey::from_bytes(&mut [0x41 + u8::try_from(payer).unwrap(); 32]).unwrap()
}

fn payee() -> Address {
    Address::from_bytes([0x22; 20])
}

impl Payment {
    fn new(asset: &Asset, payer: usize, nonce: usize, deadline: u64, is_twin: bool) -> Self {
        let number = |number: usize| u8::try_from(number).unwrap();
        let name = format!("pay_0123456789abcdef_{payer}_{}", nonce / 2);
        let key = payer_key(payer);
        let nonce = [0x70 + number(nonce); 32];
        let requirements = PaymentRequirements {
            method: Method::Eip3009,
            network: asset.network,
            asset: asset.address,
            amount: PRICE.into(),
            pay_to: payee(),
            max_timeout_seconds: 300,
            domain: Some(AssetDomain::of(asset)),
        };
        let mut authorization = requirements.check(key.address(), nonce, deadline).unwrap();
        if let (Authorization::Eip3009(transfer), true) = (&mut authorization, is_twin && nonce[0] == 0x70) {
            transfer.to = Address::from_bytes([0x33; 20]);
        }
        let signature = key.sign(&authorization.digest(asset));
        let key = ReplayKey::of_transfer(asset.network, asset.address, key.address(), &nonce);
        let offer = Offer { requirements, echo: None };
        let Value::Object(mut signed) = v2::write_payment(&SignedPayment { offer, authorization, signature }, None)
        else {
            panic!("a payment is an object")
        };
        let named = format!(r#"{{"payment-identifier":{{"info":{{"required":false,"id":"{name}"}}}}}}"#);
        signed.push(("extensions".into(), parse(&named).unwrap()));
        let signed = Value::Object(signed);
        Self { payer, authorization, signature, key, name, header: v2::to_header(&signed), body: signed.to_string() }
    }
}
