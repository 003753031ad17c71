//! Several nodes, and what becomes of a check where some of them fail.

use super::world::{Fault, World};
use crate::http::{HttpAnswer, HttpFault};
use crate::ledger::State;
use crate::settle::{Batch, Finding, Relayer, RelayerConfig, SettleOutcome, SettleStep};
use crate::signature::SecretKey;
use alloc::string::{String, ToString as _};
use alloc::vec;
use alloc::vec::Vec;

fn two_nodes() -> (World, crate::verify::ReplayKey) {
    let (mut world, key) = World::granted();
    let config = RelayerConfig {
        rpc: vec!["http://node/0".to_string(), "http://node/1".to_string()],
        confirmations: 1,
        max_fee_per_gas: 1_000_000_000,
        batch: Batch::default(),
    };
    world.relayer = Relayer::new(config, SecretKey::from_bytes(&mut [0x11; 32]).unwrap());
    (world, key)
}

/// A look in which the first node does this to every request, and the urls that were asked.
fn look(
    world: &mut World,
    key: crate::verify::ReplayKey,
    first: &dyn Fn(&mut World, &str) -> Result<HttpAnswer, HttpFault>,
) -> (Finding, Vec<String>) {
    world.now = world.now.max(world.entry(key).due_at().unwrap());
    let mut asked = vec![];
    let mut step = world.relayer.begin(world.ledger[&key].clone(), world.now);
    loop {
        let (outcome, then) = match step {
            SettleStep::Done(finding) => return (finding, asked),
            SettleStep::Http { request, then } => {
                asked.push(request.url.clone());
                let answer = if request.url.ends_with('0') {
                    first(world, request.body.as_deref().unwrap())
                } else {
                    world.post(&request, Fault::None)
                };
                (SettleOutcome::Http(answer), then)
            }
            SettleStep::Ledger { op, then } => (SettleOutcome::Ledger(world.store(op, Fault::None)), then),
        };
        step = world.relayer.resume(then, outcome, world.now);
    }
}

#[allow(clippy::unnecessary_wraps, reason = "an answer like the others")]
fn said(body: &str) -> Result<HttpAnswer, HttpFault> {
    Ok(HttpAnswer { status: 200, body: body.to_string(), retry_after: None })
}

#[test]
fn s51_a_node_that_fails_in_any_way_is_passed_over() {
    type Node = fn(&mut World, &str) -> Result<HttpAnswer, HttpFault>;
    let failures: [Node; 5] = [
        |_, _| Err(HttpFault::Unreachable),
        |_, _| Err(HttpFault::TooSlow),
        |_, _| said("<html>busy</html>"),
        |world, body| {
            world.chain.id = 1;
            let answer = said(&world.chain.answer(body));
            world.chain.id = world.chain.asset.network.chain_id();
            answer
        },
        |_, _| Ok(HttpAnswer { status: 503, body: String::new(), retry_after: None }),
    ];
    for failure in failures {
        let (mut world, key) = two_nodes();
        let (finding, asked) = look(&mut world, key, &failure);
        assert_eq!(finding, Finding::Sent);
        assert_eq!(asked, ["http://node/0", "http://node/1", "http://node/1"]);
        world.chain.mine(world.now);
        let (finding, asked) = look(&mut world, key, &failure);
        assert_eq!((finding, asked), (Finding::Settled, vec!["http://node/1".to_string()]), "who failed rests");
        assert_eq!(world.paid(key), 1);
    }
}

#[test]
fn s47_the_same_bytes_go_to_the_next_node_where_one_does_not_take_them() {
    for refusal in ["rate limit reached", "transaction pool is full"] {
        let (mut world, key) = two_nodes();
        let first = |world: &mut World, body: &str| {
            if body.contains("eth_sendRawTransaction") {
                let error = alloc::format!(r#"{{"code":-32000,"message":"{refusal}"}}"#);
                said(&alloc::format!(r#"[{{"jsonrpc":"2.0","id":0,"error":{error}}}]"#))
            } else {
                said(&world.chain.answer(body))
            }
        };
        let (finding, asked) = look(&mut world, key, &first);
        assert_eq!((finding, asked.len()), (Finding::Sent, 3));
        assert_eq!((world.chain.pool.len(), world.sent.len()), (1, 1));
    }
}

#[test]
fn s51_a_node_that_hides_a_transaction_hides_it_from_every_other_look_only() {
    let (mut world, key) = two_nodes();
    // It takes everything, and passes nothing on.
    let first = |world: &mut World, body: &str| {
        let real = world.chain.pool.clone();
        let answer = said(&world.chain.answer(body));
        world.chain.pool = real;
        answer
    };
    let findings: Vec<_> = (0..4)
        .map(|_| {
            let (finding, _) = look(&mut world, key, &first);
            world.chain.mine(world.now);
            finding
        })
        .collect();
    assert_eq!(findings, [Finding::Sent, Finding::SentAgain, Finding::SentAgain, Finding::Settled]);
    assert_eq!(world.paid(key), 1);
}

#[test]
fn s51_a_node_that_claims_a_use_without_a_trace_is_not_believed() {
    let (mut world, key) = two_nodes();
    let first = |world: &mut World, body: &str| {
        world.chain.lie = Some(("eth_call", |_| alloc::format!("\"0x{:064x}\"", 1)));
        let answer = said(&world.chain.answer(body));
        world.chain.lie = None;
        answer
    };
    let (finding, _) = look(&mut world, key, &first);
    assert_eq!(finding, Finding::Sent);
    world.chain.mine(world.now);
    assert_eq!(look(&mut world, key, &first).0, Finding::Settled);
}

#[test]
fn s46_where_no_node_says_anything_nothing_is_closed() {
    let (mut world, key) = two_nodes();
    world.now = world.entry(key).due_at().unwrap();
    let finding = world.look_with(key, |_| Fault::Lost);
    assert_eq!((finding, world.entry(key).state()), (Some(Finding::RpcUnreachable), State::Granted));
}
