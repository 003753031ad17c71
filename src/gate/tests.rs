//! The gate against a simulated world: a store, handlers, and requests that overtake each other.

mod chain;
mod events;

use super::*;
use crate::asset::AssetTable;
use crate::dialect::{mock, read_challenge_body, v2};
use crate::encoding::base64;
use crate::http::{HttpAnswer, HttpFault};
use crate::json::{Value, parse};
use crate::ledger::{Entry, LedgerOp, LedgerOutcome, Limits, Link, State, Stored, StoredLink};
use crate::protocol::{AssetDomain, Dialect, Offer, SignedPayment};
use crate::signature::SecretKey;
use crate::verify::ReplayKey;
use alloc::borrow::Cow;
use alloc::collections::{BTreeMap, VecDeque};
use alloc::format;
use alloc::string::ToString as _;
use alloc::vec::Vec;

mod credit;
mod extensions;
mod facilitated;
mod notary;
mod operator;
mod paywall;
mod permit2;
mod settled_first;
mod signing_in;
mod slow_handler;
mod version1;

const NOW: u64 = 1_700_000_000;
const CONFIG: &str = r#"{
  "payTo": "0x209693Bc6afc0C5328bA36FaF03C514EF312287C", "network": "eip155:84532", "settles": true,
  "relayer": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
  "tickets": {"issuer": "https://cinema.example", "keys": [{"kid": "a", "secret": "0123456789abcdef0123456789abcdef"}]},
  "routes": {
    "GET /films/:id": {"price": "$0.01", "ticket": {"ttl": 600, "scope": "matinee"}},
    "GET /shorts/:id": {"price": "$0.01", "ticket": {"ttl": 600, "scope": "matinee"}},
    "GET /films/premiere": {"price": "$0.05"},
    "GET /permit2": {"price": "$0.01", "method": "permit2"},
    "GET /search": {"price": "$0.01", "scheme": "upto", "when": "after"},
    "POST /reviews": {"amount": "10000", "asset": "0x036CbD53842c5426634e7929541eC2318f3dCF7e"}
  },
  "free": ["GET /", "GET /films", "GET /assets/*"]
}"#;

fn gate() -> Gate {
    Gate::from_config(&parse(CONFIG).unwrap()).unwrap()
}

struct Request {
    method: &'static str,
    url: String,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl RequestHead for Request {
    fn method(&self) -> Cow<'_, str> {
        self.method.into()
    }
    fn url(&self) -> Cow<'_, str> {
        self.url.as_str().into()
    }
    fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        let (_, value) = self.headers.iter().find(|(own, _)| *own == name)?;
        Some(value.as_str().into())
    }
}

fn request(method: &'static str, path: &str) -> Request {
    Request { method, url: format!("https://cinema.example{path}"), headers: Vec::new(), body: String::new() }
}

fn with(path: &str, header: &'static str, value: impl Into<String>) -> Request {
    Request { headers: Vec::from([(header, value.into())]), ..request("GET", path) }
}

fn at_office(scope: &str, body: &Value) -> Request {
    let path = format!("/token?scope={}", http::percent_encoded(scope));
    Request { body: body.to_string(), ..request("POST", &path) }
}

/// A payment of the scope's price; each `nonce` is another payment.
fn payment(scope: &str, nonce: u8) -> SignedPayment {
    let gate = gate();
    let own = gate.routes.by_scope(scope).unwrap().requirements[0].clone();
    let key = SecretKey::from_bytes(&mut [0x46; 32]).unwrap();
    let authorization = own.requirements.check(key.address(), [nonce; 32], NOW + 300).unwrap();
    let signature = key.sign(&authorization.digest(&own.asset));
    SignedPayment { offer: Offer { requirements: own.requirements, echo: None }, authorization, signature }
}

fn header(scope: &str, nonce: u8) -> String {
    v2::to_header(&v2::write_payment(&payment(scope, nonce), None))
}

#[derive(Default)]
struct World {
    records: BTreeMap<ReplayKey, (String, u64)>,
    /// The last version that a record got: none is used twice.
    version: u64,
    /// Every other answer of the store gets lost after it was carried out.
    loses_answers: bool,
    /// The handler's status, and what it charges.
    status: u16,
    charge: Option<String>,
    handled: u32,
    slept: u32,
    operations: u32,
    told: Vec<Event>,
    now: u64,
    /// Members that the configuration gets on top.
    options: &'static str,
    /// What others answer next, and what they were asked: URL and body.
    answers: VecDeque<Result<HttpAnswer, HttpFault>>,
    asked: Vec<(String, String)>,
}

/// How a request ended.
#[derive(Debug, PartialEq)]
enum End {
    Admitted(Admission),
    Delivered(Option<Header>),
    Answered(Response),
    Inquired(Inquiry),
    File(String),
}

impl End {
    fn answer(self) -> Response {
        match self {
            Self::Answered(response) => response,
            other => panic!("not an answer: {other:?}"),
        }
    }
    fn ticket(self) -> String {
        let response = self.answer();
        assert_eq!(response.status, 200, "{}", response.body);
        parse(&response.body).unwrap().get("access_token").unwrap().as_str().unwrap().into()
    }
    fn code(self) -> (u16, String) {
        let response = self.answer();
        let code = parse(&response.body).unwrap().get("code").unwrap().as_str().unwrap().to_string();
        (response.status, code)
    }
}

impl World {
    fn new() -> Self {
        Self { status: 200, now: NOW, ..Self::default() }
    }

    fn gate(&self) -> Gate {
        Gate::from_config(&parse(&CONFIG.replacen('{', &format!("{{{}", self.options), 1)).unwrap()).unwrap()
    }

    fn begin(&self, request: &Request) -> Step {
        self.gate().begin(request, self.now)
    }

    fn run(&mut self, request: &Request) -> End {
        let mut step = self.begin(request);
        loop {
            match self.advance(step, request) {
                Ok(end) => return end,
                Err(next) => step = next,
            }
        }
    }

    /// Carries out one step.
    fn advance(&mut self, step: Step, request: &Request) -> Result<End, Step> {
        match step {
            Step::Respond(response) => Ok(End::Answered(response)),
            Step::Admit(admission) => Ok(End::Admitted(admission)),
            Step::Inquire(inquiry) => Ok(End::Inquired(inquiry)),
            Step::File(name) => Ok(End::File(name)),
            Step::Deliver { receipt } => Ok(End::Delivered(receipt)),
            Step::Tell(event, next) => {
                self.told.push(event);
                Err(*next)
            }
            Step::Need(effect, flow) => {
                let outcome = self.carry_out(effect, request);
                Err(flow.resume(&self.gate(), outcome, self.now))
            }
        }
    }

    fn carry_out(&mut self, effect: Effect, request: &Request) -> Outcome {
        match effect {
            Effect::ReadBody { max_bytes } => Outcome::Body(if request.body.len() <= max_bytes {
                Ok(request.body.clone())
            } else {
                Err(BodyFault::TooLarge)
            }),
            Effect::Handle(_) => {
                self.handled += 1;
                Outcome::Handled { status: self.status, charge: self.charge.clone() }
            }
            Effect::Sleep { .. } => {
                self.slept += 1;
                self.now += 1;
                Outcome::Woke
            }
            Effect::Http(request) => {
                self.asked.push((request.url, request.body.unwrap_or_default()));
                Outcome::Http(self.answers.pop_front().unwrap_or(Err(HttpFault::Unreachable)))
            }
            Effect::Ledger(op) => {
                self.operations += 1;
                let outcome = self.store(op);
                let lost = self.loses_answers && self.operations % 2 == 1;
                Outcome::Ledger(if lost { LedgerOutcome::Unreachable } else { outcome })
            }
        }
    }

    fn store(&mut self, op: LedgerOp) -> LedgerOutcome {
        match op {
            LedgerOp::Read(key) => match self.records.get(&key) {
                None => LedgerOutcome::Found(None),
                Some((record, version)) => {
                    let version = *version;
                    if let Ok(link) = Link::from_record(record) {
                        return LedgerOutcome::Linked(StoredLink { link, version });
                    }
                    LedgerOutcome::Found(Some(Stored { entry: Entry::from_record(record).unwrap(), version }))
                }
            },
            LedgerOp::Link { link, expected } => self.write(link.key, expected, Some(link.to_record())),
            LedgerOp::Write { entry, expected } => self.write(entry.key(), expected, Some(entry.to_record())),
            LedgerOp::Lend { entry, limits } if self.lends(&entry, limits) => {
                self.store(LedgerOp::Write { entry, expected: 0 })
            }
            LedgerOp::Lend { .. } => LedgerOutcome::NoCredit,
            LedgerOp::Remove { key, expected } => self.write(key, expected, None),
        }
    }

    fn write(&mut self, key: ReplayKey, expected: u64, record: Option<String>) -> LedgerOutcome {
        if self.records.get(&key).map_or(0, |(_, version)| *version) != expected {
            return LedgerOutcome::Moved;
        }
        self.version += 1;
        match record {
            Some(record) => self.records.insert(key, (record, self.version)),
            None => self.records.remove(&key),
        };
        LedgerOutcome::Written(self.version)
    }

    fn lends(&self, entry: &Entry, limits: Limits) -> bool {
        let lent = |counts: &dyn Fn(&Entry) -> bool| {
            let records = self.records.values().filter_map(|(record, _)| Entry::from_record(record).ok());
            let all = records.map(|entry| (counts(&entry) && entry.facts().on_credit, entry.facts().worth));
            all.filter(|(counts, _)| *counts).map(|(_, worth)| worth).sum::<u64>() + entry.facts().worth
        };
        let payer = entry.authorization().payer();
        let is_open = |other: &Entry| !other.state().is_final();
        let of_payer = |other: &Entry| other.authorization().payer() == payer;
        let bounced = lent(&|other| of_payer(other) && other.state() == State::Failed) > entry.facts().worth;
        !bounced
            && lent(&|other| is_open(other) && of_payer(other)) <= limits.payer
            && lent(&is_open) <= limits.all
            && limits.window.is_none_or(|(most, since)| lent(&|other| other.facts().since > since) <= most)
    }

    /// The payments, without the links.
    fn entries(&self) -> impl Iterator<Item = Entry> {
        self.records.values().filter_map(|(record, _)| Entry::from_record(record).ok())
    }

    fn only_entry(&self) -> Entry {
        let entries: Vec<_> = self.entries().collect();
        assert_eq!(entries.len(), 1);
        entries[0].clone()
    }
}

#[test]
fn a_stranger_is_turned_away_with_one_402_for_every_dialect() {
    let response = World::new().run(&request("GET", "/films/moon")).answer();
    assert_eq!(response.status, 402);
    let get = |name: &str| response.headers.iter().find(|(own, _)| *own == name).map(|(_, value)| value.as_str());
    assert_eq!(get("Cache-Control"), Some("no-store"));
    let v2 = v2::read_challenge(get("PAYMENT-REQUIRED").unwrap()).unwrap();
    let mock = read_challenge_body(&response.body, &AssetTable::default()).unwrap();
    assert_eq!(v2.offers[0].requirements.amount, 10_000.into());
    assert_eq!(v2.offers[0].requirements.amount, mock.offers[0].requirements.amount);
    assert_eq!(v2.office.unwrap().endpoint, mock.office.unwrap().endpoint);
    assert_eq!(v2.error.as_deref(), Some("Payment required"));
    assert!(get("PAYMENT-REQUIRED").unwrap().len() < 8192);
}

#[test]
fn a_ticket_from_the_office_opens_what_it_was_sold_for() {
    let mut world = World::new();
    for body in [v2::write_payment(&payment("matinee", 1), None), mock::write_permit(&payment("matinee", 2))] {
        let ticket = world.run(&at_office("matinee", &body)).ticket();
        let pass = |path: &str| World::new().run(&with(path, "authorization", format!("Bearer {ticket}")));
        for path in ["/films/moon", "/films/other?x=1", "/shorts/1"] {
            assert!(matches!(pass(path), End::Admitted(admission) if admission.ticket.is_some()), "{path}");
        }
        assert_eq!(pass("/films/premiere").answer().status, 402);
    }
}

#[test]
fn s20_a_cheap_ticket_never_opens_a_dear_route() {
    let mut world = World::new();
    let ticket = world.run(&at_office("matinee", &v2::write_payment(&payment("matinee", 1), None))).ticket();
    let end = world.run(&with("/films/premiere", "authorization", format!("Bearer {ticket}")));
    assert_eq!(end.code(), (402, "ticket_scope".into()));
}

#[test]
fn s14_a_cheap_payment_never_buys_a_dear_ticket() {
    let mut world = World::new();
    for body in [v2::write_payment(&payment("matinee", 1), None), mock::write_permit(&payment("matinee", 1))] {
        let response = world.run(&at_office("GET /films/premiere", &body)).answer();
        assert!((400..500).contains(&response.status));
    }
    assert_eq!(world.run(&with("/films/premiere", "payment-signature", header("matinee", 1))).answer().status, 402);
    assert!(world.records.is_empty());
}

#[test]
fn s19_no_spelling_of_a_path_leads_around_the_gate() {
    for path in [
        "/films//moon",
        "//films/moon",
        "/films/./moon",
        "/films/../films/moon",
        "/films\\moon",
        "/films%2Fmoon",
        "/films%2fmoon",
        "/films%252Fmoon",
        "/films%5Cmoon",
        "/films/moon%00",
        "/films/%",
        "/films/%zz",
        "/films/moon/",
        "/FILMS/moon",
        "/%66ilms/moon",
        "/films/%6Doon",
        "/assets/../films/moon",
        "/assets/%2e%2e/films/moon",
        "/nowhere",
        "/films/moon/reel",
        "/token/",
    ] {
        let response = World::new().run(&request("GET", path)).answer();
        assert!([402, 404].contains(&response.status), "{path} {}", response.status);
    }
    for (method, path) in [("HEAD", "/films/moon"), ("GET", "/films/moon"), ("POST", "/reviews")] {
        assert_eq!(World::new().run(&request(method, path)).answer().status, 402, "{method} {path}");
    }
    for (method, path) in [("POST", "/films/moon"), ("BREW", "/films/moon"), ("GET", "/reviews"), ("get", "/")] {
        assert_eq!(World::new().run(&request(method, path)).answer().status, 404, "{method} {path}");
    }
    for path in ["/", "/films", "/assets", "/assets/a/b.js"] {
        assert!(matches!(World::new().run(&request("GET", path)), End::Admitted(a) if a.ticket.is_none()), "{path}");
    }
}

#[test]
fn s22_a_payment_on_the_resource_is_served_and_granted() {
    let mut world = World::new();
    let End::Delivered(Some((name, receipt))) =
        world.run(&with("/films/moon", "payment-signature", header("matinee", 1)))
    else {
        panic!("not delivered")
    };
    assert_eq!(name, "PAYMENT-RESPONSE");
    let receipt = v2::read_receipt(&receipt).unwrap();
    assert_eq!(world.only_entry().state(), State::Granted);
    assert_eq!(world.only_entry().due_at(), Some(NOW));
    let ticket = receipt.ticket.unwrap().text;
    let end = world.run(&with("/films/other", "authorization", format!("bearer {ticket}")));
    assert!(matches!(end, End::Admitted(_)));
}

#[test]
fn s41_the_same_payment_always_gets_the_same_ticket() {
    let mut world = World::new();
    let body = v2::write_payment(&payment("matinee", 1), None);
    let first = world.run(&at_office("matinee", &body)).ticket();
    let record = world.records.clone();
    for later in [0, 1, 299] {
        world.now = NOW + later;
        // In whichever dialect it comes.
        if later < 294 {
            assert_eq!(world.run(&at_office("matinee", &mock::write_permit(&payment("matinee", 1)))).ticket(), first);
            assert_eq!(world.run(&at_office("matinee", &body)).ticket(), first);
        }
    }
    assert_eq!(world.records, record);
}

#[test]
fn s39_of_100_at_once_each_gets_the_same_ticket_in_every_order() {
    for seed in 0..50_u64 {
        let mut world = World::new();
        let request = at_office("matinee", &v2::write_payment(&payment("matinee", 1), None));
        let mut waiting: Vec<Step> = (0..100).map(|_| world.begin(&request)).collect();
        let mut tickets = Vec::new();
        let mut random = seed;
        while !waiting.is_empty() {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let step = waiting.swap_remove(usize::try_from(random >> 33).unwrap() % waiting.len());
            match world.advance(step, &request) {
                Ok(end) => tickets.push(end.ticket()),
                Err(next) => waiting.push(next),
            }
        }
        tickets.dedup();
        assert_eq!(tickets.len(), 1, "seed {seed}");
        assert_eq!(world.records.len(), 1);
    }
}

#[test]
fn s41_a_lost_answer_is_repeated_and_charged_once() {
    let mut world = World { loses_answers: true, ..World::new() };
    let request = at_office("matinee", &v2::write_payment(&payment("matinee", 1), None));
    assert_eq!(world.run(&request).code(), (503, "ledger_unreachable".into()));
    let granted = world.only_entry().grant().unwrap().ticket.text.clone();
    world.loses_answers = false;
    assert_eq!(world.run(&request).ticket(), granted);
    assert_eq!(world.records.len(), 1);
}

#[test]
fn s42_a_payment_that_bought_one_thing_buys_no_other() {
    let mut world = World::new();
    let body = v2::write_payment(&payment("matinee", 1), None);
    world.run(&at_office("matinee", &body)).ticket();
    let mut on_reviews = with("/reviews", "payment-signature", header("matinee", 1));
    on_reviews.method = "POST";
    assert_eq!(world.run(&on_reviews).code(), (409, "payment_used_elsewhere".into()));
    assert_eq!(world.run(&at_office("POST /reviews", &body)).code(), (409, "payment_used_elsewhere".into()));
}

#[test]
fn s43_a_handler_that_fails_burns_no_payment() {
    let mut world = World { status: 500, ..World::new() };
    let request = with("/films/moon", "payment-signature", header("matinee", 1));
    assert_eq!(world.run(&request), End::Delivered(None));
    assert!(world.records.is_empty());
    world.status = 200;
    assert!(matches!(world.run(&request), End::Delivered(Some(_))));
    assert!(matches!(world.run(&request), End::Admitted(_)));
    assert_eq!(world.handled, 2);
}

#[test]
fn s40_a_claim_waits_for_its_lease_and_is_taken_over_after_it() {
    let mut world = World::new();
    let request = with("/films/moon", "payment-signature", header("matinee", 1));
    // The first request claims, and its worker dies.
    let step = world.begin(&request);
    let step = world.advance(step, &request).unwrap_err();
    assert!(matches!(step, Step::Need(Effect::Handle(_), _)));
    drop(step);
    assert!(matches!(world.run(&request), End::Delivered(Some(_))));
    assert!(world.slept >= 30);
    assert_eq!(world.only_entry().state(), State::Granted);
}

#[test]
fn s40_a_lease_that_never_ends_is_not_waited_for_for_ever() {
    let mut world = World::new();
    let request = with("/films/moon", "payment-signature", header("matinee", 1));
    let step = world.begin(&request);
    let _claimed = world.advance(step, &request);
    let mut step = world.begin(&request);
    let end = loop {
        world.now = NOW;
        match world.advance(step, &request) {
            Ok(end) => break end,
            Err(next) => step = next,
        }
    };
    assert_eq!(end.code(), (503, "payment_in_progress".into()));
}

#[test]
fn s21_a_store_that_is_silent_admits_nobody() {
    let mut world = World { loses_answers: true, ..World::new() };
    let end = world.run(&with("/films/moon", "payment-signature", header("matinee", 1)));
    assert_eq!(end.code(), (503, "ledger_unreachable".into()));
    assert_eq!(world.handled, 0);
}

#[test]
fn s43_a_head_request_is_never_charged() {
    let mut world = World::new();
    let mut request = with("/films/moon", "payment-signature", header("matinee", 1));
    request.method = "HEAD";
    assert_eq!(world.run(&request).answer().status, 402);
    assert!(world.records.is_empty());
}

#[test]
fn s23_one_payment_in_one_header() {
    let good = header("matinee", 1);
    let joined = with("/films/moon", "payment-signature", format!("{good}, {good}"));
    assert_eq!(World::new().run(&joined).code(), (400, "ambiguous_payment".into()));
    let mut both = with("/films/moon", "payment-signature", good);
    both.headers.push(("x-payment", "e30=".into()));
    assert_eq!(World::new().run(&both).code(), (400, "ambiguous_payment".into()));
}

#[test]
fn s24_limits_are_checked_at_the_byte() {
    let mut world = World::new();
    let sized = |length: usize| with("/films/moon", "payment-signature", "A".repeat(length));
    assert_eq!(world.run(&sized(8192)).code(), (400, "invalid_json".into()));
    assert_eq!(world.run(&sized(8193)).code(), (413, "payment_too_large".into()));
    let body = |length: usize| Request { body: " ".repeat(length), ..request("POST", "/token?scope=matinee") };
    assert_eq!(world.run(&body(16_384)).code(), (400, "invalid_json".into()));
    assert_eq!(world.run(&body(16_385)).code(), (413, "payment_too_large".into()));
    let url = |length: usize| request("GET", &format!("/films/{}", "a".repeat(length - 29)));
    assert_eq!(world.run(&url(2048)).code().0, 402);
    assert_eq!(world.run(&url(2049)).code(), (414, "url_too_long".into()));
}

#[test]
fn s22_malformed_is_400_and_insufficient_is_402() {
    let document = v2::write_payment(&payment("matinee", 1), None).to_string();
    let pays = |text: &str| World::new().run(&with("/films/moon", "payment-signature", base64(text.as_bytes()))).code();
    for (from, to, status, code) in [
        ("\"x402Version\":2", "\"x402Version\":3", 400, "invalid_x402_version"),
        ("\"x402Version\":2,", "", 400, "invalid_payload"),
        ("\"nonce\":\"0x01", "\"nonce\":\"0x", 400, "invalid_payload"),
        ("\"value\":\"10000\"", "\"value\":10000", 400, "invalid_payload"),
        ("\"value\":\"10000\"", "\"value\":\"10000\",\"value\":\"1\"", 400, "invalid_json"),
        ("\"value\":\"10000\"", "\"value\":\"9999\"", 402, "invalid_exact_evm_payload_authorization_value_mismatch"),
        ("\"validAfter\":\"0\"", "\"validAfter\":\"1\"", 402, "invalid_exact_evm_signature"),
        ("\"amount\":\"10000\"", "\"amount\":\"1\"", 402, "no_matching_payment_requirements"),
        ("\"scheme\":\"exact\"", "\"scheme\":\"upto\"", 402, "invalid_exact_evm_scheme"),
    ] {
        let changed = document.replace(from, to);
        assert_ne!(changed, document, "{from}");
        assert_eq!(pays(&changed), (status, code.into()), "{to}");
    }
    for garbage in ["", "[]", "null", "1", "{}", "{", "\"x\""] {
        assert_eq!(pays(garbage).0, 400, "{garbage}");
    }
}

#[test]
fn a_client_of_x402_mock_never_sees_a_402_from_the_office() {
    let mut world = World::new();
    let mut expired = payment("matinee", 1);
    expired.authorization.transfer_mut().valid_before = NOW;
    let response = world.run(&at_office("matinee", &mock::write_permit(&expired))).answer();
    assert_eq!(response.status, 400);
    assert!(response.body.starts_with(r#"{"error":"Verification failed: "#));
    for garbage in [r#"{"permit":{}}"#, r#"{"permit":1,"version":"Version 0.1"}"#, "x"] {
        let request = Request { body: garbage.into(), ..request("POST", "/token?scope=matinee") };
        assert_eq!(world.run(&request).answer().status, 400, "{garbage}");
    }
    assert_eq!(world.run(&request("GET", "/token")).answer().status, 405);
    let nowhere = at_office("premiere", &mock::write_permit(&payment("matinee", 1)));
    assert_eq!(world.run(&nowhere).code(), (400, "unknown_scope".into()));
}

#[test]
fn an_office_that_is_told_no_scope_finds_the_only_one_of_that_price() {
    let mut world = World::new();
    let body = v2::write_payment(&payment("GET /films/premiere", 1), None).to_string();
    let request = Request { body, ..request("POST", "/token") };
    world.run(&request).ticket();
    assert_eq!(world.only_entry().scope(), "GET /films/premiere");
    // Two scopes cost a cent.
    let body = v2::write_payment(&payment("matinee", 2), None).to_string();
    assert_eq!(World::new().run(&Request { body, ..request }).code(), (400, "unknown_scope".into()));
}

#[test]
fn s27_a_preflight_is_answered_before_the_gate() {
    for path in ["/films/moon", "/token", "/nowhere"] {
        let response = World::new().run(&request("OPTIONS", path)).answer();
        assert_eq!(response.status, 204);
        let (_, allowed) = response.headers.iter().find(|(name, _)| *name == "Access-Control-Allow-Headers").unwrap();
        for header in ["PAYMENT-SIGNATURE", "Authorization", "X-PAYMENT", "Access-Control-Expose-Headers"] {
            assert!(allowed.contains(header), "{header}");
        }
    }
}

#[test]
fn s28_answers_hold_no_ticket_key_and_no_signature() {
    let good = header("matinee", 1);
    let mut expired = payment("matinee", 1);
    expired.authorization.transfer_mut().valid_before = NOW;
    let end = World::new().run(&with("/films/moon", "authorization", "Bearer aaa.bbb.ccc"));
    assert!(!format!("{end:?}").contains("aaa.bbb"));
    let end =
        World::new().run(&with("/films/moon", "payment-signature", v2::to_header(&v2::write_payment(&expired, None))));
    assert!(!format!("{end:?}").contains(&expired.signature.to_hex()[2..]));
    assert!(!format!("{end:?}").contains(&good));
}

#[test]
fn s21_a_wrong_configuration_says_where() {
    for (from, to, place) in [
        ("\"payTo\"", "\"payto\"", "payTo is missing"),
        ("287C", "287c", "payTo is no address"),
        ("$0.05", "0.0000001", "routes[\"GET /films/premiere\"].price"),
        ("$0.05", "0", "above zero"),
        (
            "\"ttl\": 600, \"scope\": \"matinee\"}},\n    \"GET /shorts",
            "\"ttl\": 60, \"scope\": \"matinee\"}},\n    \"GET /shorts",
            "share the scope",
        ),
        ("GET /assets/*", "assets", "not a route"),
        ("GET /assets/*", "GET /films", "stands twice"),
        ("GET /assets/*", "GET /films/[name]", "stands twice"),
        ("0123456789abcdef0123456789abcdef", "short", "at least 32"),
        ("eip155:84532", "base-sepolia", "network a network is written"),
        ("\"settles\"", "\"settle\"", "settle is not an option here"),
        ("\"price\": \"$0.05\"", "\"price\": \"$0.05\", \"prize\": 1", "prize is not an option here"),
        (
            "\"amount\": \"10000\", \"asset\": \"0x036CbD53842c5426634e7929541eC2318f3dCF7e\"",
            "\"amount\": \"10000\", \"asset\": \"0x136CbD53842c5426634e7929541eC2318f3dCF7e\"",
            "asset",
        ),
    ] {
        let config = CONFIG.replacen(from, to, 1);
        assert_ne!(config, CONFIG, "{from}");
        let error = Gate::from_config(&parse(&config).unwrap()).err().map(|error| error.to_string());
        assert!(error.as_ref().is_some_and(|error| error.contains(place)), "{place}: {error:?}");
    }
}

#[test]
fn an_offer_of_an_unknown_domain_is_not_matched() {
    let mut other = payment("matinee", 1);
    other.offer.requirements.domain = Some(AssetDomain { name: "Evil".into(), version: "2".into() });
    let header = v2::to_header(&v2::write_payment(&other, None));
    let end = World::new().run(&with("/films/moon", "payment-signature", header));
    assert_eq!(end.code(), (402, "no_matching_payment_requirements".into()));
    assert_eq!(Dialect::V2, v2::read_challenge(&challenge_header()).unwrap().dialect);
}

fn challenge_header() -> String {
    let response = World::new().run(&request("GET", "/films/moon")).answer();
    response.headers.into_iter().find(|(name, _)| *name == "PAYMENT-REQUIRED").unwrap().1
}
