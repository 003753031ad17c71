//! Routes that are paid through Permit2, for a fixed price or for what was used.

use super::*;
use crate::amount::Amount;
use crate::protocol::{Method, Receipt};

fn searched(world: &mut World, nonce: u8) -> End {
    world.run(&with("/search", "payment-signature", header("GET /search", nonce)))
}

fn delivered(end: End) -> Receipt {
    let End::Delivered(Some((_, receipt))) = end else { panic!("{end:?}") };
    v2::read_receipt(&receipt).unwrap()
}

fn record(world: &World) -> Entry {
    assert_eq!(world.records.len(), 1);
    Entry::from_record(&world.records.values().next().unwrap().0).unwrap()
}

fn refused(config: &str) -> String {
    let metered = r#""GET /search": {"price": "$0.01", "scheme": "upto", "when": "after"}"#;
    let text = CONFIG.replace(metered, &format!(r#""GET /x": {config}"#));
    Gate::from_config(&parse(&text).unwrap()).map(|_| ()).unwrap_err().to_string()
}

#[test]
fn s14_a_permit_buys_on_the_resource_and_at_the_office() {
    let mut world = World::new();
    let receipt = delivered(world.run(&with("/permit2", "payment-signature", header("GET /permit2", 1))));
    assert!(receipt.ticket.is_some() && receipt.amount.is_none());
    let ticket = world.run(&at_office("GET /permit2", &v2::write_payment(&payment("GET /permit2", 2), None))).ticket();
    let admitted = world.run(&with("/permit2", "authorization", format!("Bearer {ticket}")));
    assert!(matches!(admitted, End::Admitted(_)));
    let elsewhere = world.run(&with("/films/moon", "payment-signature", header("GET /permit2", 3)));
    assert_eq!(elsewhere.code(), (402, "no_matching_payment_requirements".into()));
}

#[test]
fn s38_s41_the_same_permit_gets_the_same_ticket_and_only_one() {
    let mut world = World::new();
    let body = v2::write_payment(&payment("GET /permit2", 1), None);
    let first = world.run(&at_office("GET /permit2", &body)).ticket();
    assert_eq!(world.run(&at_office("GET /permit2", &body)).ticket(), first);
    assert_eq!(world.records.len(), 1);
}

#[test]
fn s48_the_handlers_charge_is_what_the_record_and_the_receipt_say() {
    for (charge, amount) in [(None, 10_000), (Some(r#"{"amount":"4200"}"#), 4_200), (Some(r#"{"amount":"0"}"#), 0)] {
        let mut world = World::new();
        world.charge = charge.map(Into::into);
        let receipt = delivered(searched(&mut world, 1));
        assert_eq!(receipt.amount, Some(Amount::from(amount)));
        assert_eq!((receipt.ticket, receipt.transaction), (None, None));
        assert_eq!(record(&world).amount(), Amount::from(amount));
        assert!(record(&world).to_public().to_string().contains(&format!(r#""amount":"{amount}""#)));
    }
}

#[test]
fn s14_a_charge_above_the_ceiling_is_the_ceiling_and_an_unreadable_one_is_a_fault() {
    let mut world = World::new();
    world.charge = Some(r#"{"amount":"10001"}"#.into());
    assert_eq!(delivered(searched(&mut world, 1)).amount, Some(Amount::from(10_000)));
    let mut world = World::new();
    world.charge = Some(r#"{"amount":4200}"#.into());
    assert_eq!(searched(&mut world, 1), End::Delivered(None));
    assert!(world.records.is_empty(), "the payment is unused");
}

#[test]
fn s14_a_fixed_price_is_not_the_handlers_to_change() {
    let mut world = World::new();
    world.charge = Some(r#"{"amount":"1"}"#.into());
    delivered(world.run(&with("/permit2", "payment-signature", header("GET /permit2", 1))));
    assert_eq!(record(&world).amount(), Amount::from(10_000));
}

/// Somebody else took the claim over while the handler ran: what it charged is charged nevertheless.
#[test]
fn s48_a_charge_survives_a_lost_race() {
    let mut world = World::new();
    world.charge = Some(r#"{"amount":"4200"}"#.into());
    let request = with("/search", "payment-signature", header("GET /search", 1));
    let mut step = world.begin(&request);
    let end = loop {
        if matches!(step, Step::Need(Effect::Handle(_), _)) {
            world.records.values_mut().for_each(|(_, version)| *version += 1);
        }
        match world.advance(step, &request) {
            Ok(end) => break end,
            Err(next) => step = next,
        }
    };
    assert_eq!(delivered(end).amount, Some(Amount::from(4_200)));
    assert_eq!(record(&world).amount(), Amount::from(4_200));
}

#[test]
fn a_metered_route_sells_no_tickets() {
    let mut world = World::new();
    let response = world.run(&request("GET", "/search")).answer();
    assert!(!response.body.contains("access_token_endpoint"));
    let at_office = world.run(&at_office("GET /search", &v2::write_payment(&payment("GET /search", 1), None)));
    assert_eq!(at_office.code(), (402, "invalid_exact_evm_scheme".into()));
    assert!(world.records.is_empty());
}

#[test]
fn the_challenge_says_the_method_as_the_stock_sdk_does() {
    let challenge = |path: &str| {
        let response = World::new().run(&request("GET", path)).answer();
        let (_, header) = response.headers.iter().find(|(name, _)| *name == v2::CHALLENGE_HEADER).cloned().unwrap();
        v2::read_challenge(&header).unwrap().offers
    };
    let echo = |path: &str| challenge(path)[0].echo.clone().unwrap();
    assert_eq!(echo("/permit2").get("extra").unwrap().to_string(), r#"{"assetTransferMethod":"permit2"}"#);
    let facilitator = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
    let extra = format!(r#"{{"assetTransferMethod":"permit2","facilitatorAddress":"{facilitator}"}}"#);
    assert_eq!(echo("/search").get("extra").unwrap().to_string(), extra);
    assert_eq!(echo("/search").get("scheme").unwrap().as_str(), Some("upto"));
}

#[test]
fn s52_x402_mocks_permit_is_offered_only_where_the_payee_can_cash_it() {
    let config = |relayer: &str| {
        let text = CONFIG.replace("0x70997970C51812dc3A010C7d01b50e0d17dc79C8", relayer);
        let text = text.replace(
            r#""method": "permit2""#,
            r#""method": "permit2", "asset": "0x33ad9e4BD16B69B5BFdED37D8B5D9fF9aba014Fb", "network": "eip155:723487""#,
        );
        Gate::from_config(&parse(&text).unwrap()).unwrap()
    };
    let payee = config("0x209693Bc6afc0C5328bA36FaF03C514EF312287C");
    let methods = |gate: &Gate| -> Vec<Method> {
        let route = gate.routes.by_scope("GET /permit2").unwrap();
        route.requirements.iter().map(|own| own.requirements.method).collect()
    };
    assert_eq!(methods(&payee), [Method::Permit2, Method::PermitToPayee]);
    assert_eq!(methods(&config("0x70997970C51812dc3A010C7d01b50e0d17dc79C8")), [Method::Permit2]);
    let Step::Respond(response) = payee.begin(&request("GET", "/permit2"), NOW) else { panic!() };
    assert!(response.body.contains(r#""currency":"SBC""#), "{}", response.body);
}

#[test]
fn a_price_that_nobody_could_cash_is_a_configuration_error() {
    assert!(refused(r#"{"price":"$0.01","scheme":"batch-settlement"}"#).contains("scheme"));
    assert!(refused(r#"{"price":"$0.01","method":"erc7710"}"#).contains("method"));
    assert!(refused(r#"{"price":"$0.01","scheme":"upto","method":"eip3009"}"#).contains("method"));
    let permit2_only = r#""asset":"0x33ad9e4BD16B69B5BFdED37D8B5D9fF9aba014Fb","network":"eip155:723487","amount":"1""#;
    assert!(refused(&format!(r#"{{{permit2_only},"method":"eip3009"}}"#)).contains("method"));
    assert!(refused(r#"{"price":"$0.01","extra":{"assetTransferMethod":"permit2","name":"Other"}}"#).contains("name"));
    let without_relayer = CONFIG.replace(r#""relayer": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8","#, "");
    let error = Gate::from_config(&parse(&without_relayer).unwrap()).map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("relayer()"), "{error}");
}

#[test]
fn the_relayers_account_is_asked_for_only_where_something_is_sold_for_it() {
    let need = |config: &str| Gate::from_config(&parse(config).unwrap()).err().map(|error| error.code());
    let unasked = CONFIG.replace(r#""relayer": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8""#, r#""relayer": true"#);
    assert_eq!(need(&unasked), Some(ConfigError::NEEDS_RELAYER));
    assert_eq!(Gate::unchecked(&parse(&unasked).unwrap()).unwrap(), ["eip155:84532"]);
    let one = unasked.replace(r#""scheme": "upto", "when": "after""#, r#""scheme": "exact""#);
    assert_eq!(need(&one), Some(ConfigError::NEEDS_RELAYER), "by Permit2");
    assert_eq!(need(&one.replace(r#""method": "permit2""#, r#""method": "eip3009""#)), None);
}
