//! A gate that may ask a chain: what it grants, what it claims, and whom it asks next.

use super::*;
use crate::http::{HttpAnswer, HttpRequest};

const FIRST: &str = "https://first.example/key";
const SECOND: &str = "https://second.example";

fn config() -> Value {
    let chains = format!(r#""chains": {{"eip155:84532": {{"rpc": ["{FIRST}", "{SECOND}"]}}}}, "free""#);
    parse(&CONFIG.replace(r#""free""#, &chains)).unwrap()
}

fn asking() -> Gate {
    Gate::from_config(&config()).unwrap()
}

/// What a node says about the payer of these tests.
#[derive(Clone, Copy, PartialEq)]
enum Node {
    Honest { balance: u64, used: bool },
    Silent,
    Garbage,
    OfAnotherChain,
}

const RICH: Node = Node::Honest { balance: 1_000_000, used: false };

impl Node {
    fn answer(self) -> Result<HttpAnswer, HttpFault> {
        let (id, balance, used) = match self {
            Self::Honest { balance, used } => ("0x14a34", balance, used),
            Self::OfAnotherChain => ("0x1", 1_000_000, false),
            Self::Garbage => return Ok(HttpAnswer { status: 200, body: "<html>".into(), retry_after: None }),
            Self::Silent => return Err(HttpFault::TooSlow),
        };
        let results = [id, "0x", "0x", &format!("0x{balance:064x}"), &format!("0x{:064x}", u8::from(used)), "0x"];
        let entry = |(id, result)| format!(r#"{{"jsonrpc":"2.0","id":{id},"result":"{result}"}}"#);
        let body = format!("[{}]", results.iter().enumerate().map(entry).collect::<Vec<_>>().join(","));
        Ok(HttpAnswer { status: 200, body, retry_after: None })
    }
}

/// The end of a request, and the nodes that were asked on the way, each once.
fn run(world: &mut World, nodes: [Node; 2], request: &Request) -> (End, usize) {
    let (gate, mut asked) = (asking(), 0);
    let mut step = gate.begin(request, world.now);
    loop {
        step = match step {
            Step::Tell(_, next) => *next,
            Step::Respond(response) => return (End::Answered(response), asked),
            Step::Admit(admission) => return (End::Admitted(admission), asked),
            Step::Deliver { receipt } => return (End::Delivered(receipt), asked),
            Step::Inquire(_) | Step::File(_) => panic!("nobody inquires here"),
            Step::Need(Effect::Http(HttpRequest { url, .. }), flow) => {
                assert_eq!(url, [FIRST, SECOND][asked]);
                assert!(world.records.is_empty() || world.operations > 0, "claimed before the chain was asked");
                asked += 1;
                flow.resume(&gate, Outcome::Http(nodes[asked - 1].answer()), world.now)
            }
            Step::Need(effect, flow) => {
                let outcome = world.carry_out(effect, request);
                flow.resume(&gate, outcome, world.now)
            }
        };
    }
}

fn order(nonce: u8) -> Request {
    at_office("matinee", &v2::write_payment(&payment("matinee", nonce), None))
}

fn on_resource(nonce: u8) -> Request {
    with("/films/moon", "payment-signature", header("matinee", nonce))
}

#[test]
fn a_payment_that_the_chain_knows_nothing_against_is_sold_for() {
    let mut world = World::new();
    let (end, asked) = run(&mut world, [RICH, Node::Silent], &order(1));
    assert_eq!((end.answer().status, asked, world.operations), (200, 1, 1));
    assert!(matches!(run(&mut world, [RICH, Node::Silent], &on_resource(2)), (End::Delivered(Some(_)), 1)));
}

#[test]
fn s43_a_payer_without_money_gets_nothing_and_nothing_is_claimed() {
    for (node, code) in [
        (Node::Honest { balance: 9_999, used: false }, "invalid_exact_evm_insufficient_balance"),
        (Node::Honest { balance: 10_000, used: true }, "invalid_exact_evm_nonce_already_used"),
    ] {
        for request in [order(1), on_resource(1)] {
            let mut world = World::new();
            let (end, _) = run(&mut world, [node, RICH], &request);
            assert_eq!(end.code(), (402, code.into()));
            assert_eq!((world.records.len(), world.handled), (0, 0));
        }
    }
}

#[test]
fn s21_s51_no_node_that_can_be_relied_on_means_nothing_is_granted_and_nothing_claimed() {
    for broken in [Node::Silent, Node::Garbage, Node::OfAnotherChain] {
        for request in [order(1), on_resource(1)] {
            let mut world = World::new();
            let (end, asked) = run(&mut world, [broken, broken], &request);
            let response = end.answer();
            assert_eq!((response.status, asked), (503, 2));
            assert!(response.body.contains("chain_unreachable"));
            assert!(response.headers.contains(&("Retry-After", "1".into())));
            assert_eq!((world.records.len(), world.operations, world.handled), (0, 0, 0));
            // The same payment is as good as ever when a node is back, the second one included.
            for nodes in [[broken, RICH], [RICH, broken]] {
                assert!(!matches!(run(&mut world, nodes, &request).0, End::Answered(Response { status: 400.., .. })));
            }
        }
    }
}

/// The chain says of a payment that was cashed what it says of one that is worth nothing: used, and the money is gone.
#[test]
fn s41_what_was_accepted_once_is_answered_as_then_whatever_became_of_the_money() {
    let mut world = World::new();
    let ticket = run(&mut world, [RICH, RICH], &order(1)).0.ticket();
    let cashed = Node::Honest { balance: 0, used: true };
    assert_eq!(run(&mut world, [cashed, RICH], &order(1)).0.ticket(), ticket);
    let other = at_office("GET /films/premiere", &v2::write_payment(&payment("matinee", 1), None));
    assert_eq!(run(&mut world, [cashed, RICH], &other).0.answer().status, 402);
}

#[test]
fn s43_a_claim_that_was_left_behind_grants_nothing_to_an_empty_account() {
    let mut world = World::new();
    let mut step = asking().begin(&on_resource(1), world.now);
    // The process dies while its handler runs.
    while let Step::Need(effect, flow) = step {
        let outcome = match effect {
            Effect::Handle(_) => break,
            Effect::Http(_) => Outcome::Http(RICH.answer()),
            effect => world.carry_out(effect, &on_resource(1)),
        };
        step = flow.resume(&asking(), outcome, world.now);
    }
    assert_eq!(world.only_entry().state(), State::Claimed);
    world.now += 31;
    let (end, _) = run(&mut world, [Node::Honest { balance: 0, used: false }, RICH], &on_resource(1));
    assert_eq!(end.code(), (402, "invalid_exact_evm_insufficient_balance".into()));
    assert_eq!(world.only_entry().state(), State::Claimed);
}

#[test]
fn a_gate_says_what_it_does_not_know() {
    assert_eq!(Gate::unchecked(&parse(CONFIG).unwrap()).unwrap(), ["eip155:84532"]);
    assert!(Gate::unchecked(&config()).unwrap().is_empty());
}

#[test]
fn a_chain_that_is_described_wrongly_is_an_error_and_no_blind_gate() {
    let problem = |chains: &str| {
        let config = CONFIG.replace(r#""free""#, &format!(r#""chains": {chains}, "free""#));
        Gate::from_config(&parse(&config).unwrap()).err().map(|error| error.to_string())
    };
    assert_eq!(problem(r#"{"eip155:84532": {"rpc": "https://a.example"}}"#), None);
    let factory = "0x209693Bc6afc0C5328bA36FaF03C514EF312287C";
    let chain = format!(r#"{{"eip155:84532": {{"rpc": ["http://a"], "eip6492Factories": ["{factory}"]}}}}"#);
    assert_eq!(problem(&chain), None);
    for wrong in [
        "[]",
        r#"{"base-sepolia": {"rpc": "https://a.example"}}"#,
        r#"{"eip155:8453": {"rpc": "https://a.example"}}"#,
        r#"{"eip155:84532": {}}"#,
        r#"{"eip155:84532": {"rpc": []}}"#,
        r#"{"eip155:84532": {"rpc": 1}}"#,
        r#"{"eip155:84532": {"rpc": ["https://a.example", 1]}}"#,
        r#"{"eip155:84532": {"rpc": "wss://a.example"}}"#,
        r#"{"eip155:84532": {"rpc": "https://a.example", "factories": []}}"#,
        r#"{"eip155:84532": {"rpc": "https://a.example", "eip6492Factories": "0x"}}"#,
        r#"{"eip155:84532": {"rpc": "https://a.example", "eip6492Factories": ["0x12"]}}"#,
    ] {
        assert!(problem(wrong).is_some(), "{wrong}");
    }
    let secret = problem(r#"{"eip155:84532": {"rpc": "wss://a.example/v2/secret"}}"#).unwrap();
    assert!(!secret.contains("secret"), "{secret}");
}
