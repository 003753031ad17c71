//! The build that a page loads: what it lacks it names, and passes over.

use super::NOW;
use super::gate::{Gate, own};
use super::notary::Notary;
use super::world::{World, get, key};
use crate::address::Address;
use crate::json::parse;
use crate::payer::{Flow, Outcome, Payer, PayerError, ResponseHead, Step, explain, quote};
use crate::protocol::{Dialect, Method, OwnRequirement, PaymentRequirements};
use alloc::format;
use alloc::string::ToString as _;
use alloc::vec::Vec;

const FILM: &str = "https://cinema.example/films/1";

fn by_permit2() -> OwnRequirement {
    let OwnRequirement { requirements, asset } = own(5_000);
    OwnRequirement { requirements: PaymentRequirements { method: Method::Permit2, ..requirements }, asset }
}

#[test]
fn an_option_of_the_full_build_names_the_import_to_change() {
    for (name, options) in [
        ("permit2", r#""permit2":true"#),
        ("signIn", r#""signIn":"never""#),
        ("offerReceipt", r#""offerReceipt":{}"#),
        ("confirm", r#""confirm":true"#),
        ("origins", r#""budget":{"origins":{"*":{"perDay":"0.10"}}}"#),
        ("allow", r#""budget":{"allow":{"payees":[]}}"#),
    ] {
        let options = parse(&format!(r#"{{"networks":["eip155:84532"],{options}}}"#)).unwrap();
        let error = Payer::open(&options, Address::from_bytes([0x11; 20]), None).unwrap_err();
        assert_eq!(error.code(), "needs_full_build");
        let sentence = error.to_string();
        assert!(sentence.contains(&format!("`{name}`")) && sentence.contains("x402-wasm/full"), "{sentence}");
    }
}

#[test]
fn a_payer_of_a_wallet_outside_tells_what_it_holds_and_begins_nothing() {
    let mut world = World::new(Gate::new(Dialect::V2));
    assert_eq!(world.get(FILM).status(), 200);
    let saved = world.payer.to_record();
    for more in ["", r#","signIn":"never""#, r#","permit2":true"#] {
        let options = parse(&format!(r#"{{"networks":["eip155:84532"]{more}}}"#)).unwrap();
        let payer = Payer::open_outside(&options, key().address(), Some(&saved)).unwrap();
        assert_eq!(payer.lacks(), Some("wallet"));
        assert_eq!(payer.spending(NOW), world.payer.spending(NOW));
        assert_eq!(payer.to_record(), saved);
        let (_, step) = Flow::begin(&payer, get(FILM), NOW);
        assert!(matches!(&step, Step::Fail { error, .. } if error.code() == "needs_full_build"), "{step:?}");
    }
    for wrong in [r#"{"networks":[],"permit2":true}"#, r#"{"networks":["eip155:84532"],"sign_in":"never"}"#] {
        let error = Payer::open_outside(&parse(wrong).unwrap(), key().address(), None).unwrap_err();
        assert_ne!(error.code(), "needs_full_build", "what is wrong is said at once");
    }
}

#[test]
fn s66_what_a_wallet_outside_signed_is_not_taken() {
    let mut world = World::new(Gate::new(Dialect::V2));
    let mut running = world.begin(get(FILM));
    while !matches!(running.next_step(), Step::Sign(_)) {
        assert_eq!(world.step(&mut running), None);
    }
    let Step::Sign(payment) = running.next_step().clone() else { panic!() };
    let signed = key().sign(&payment.authorization().digest(payment.asset())).to_hex();
    assert_eq!(payment.sealed(&signed), Err(PayerError::WalletSignature.boxed()));
    running.resume_with(&mut world, Outcome::Signed(signed));
    assert!(matches!(running.next_step(), Step::Save));
    let step = running.resume_with(&mut world, Outcome::Ready);
    assert!(matches!(&step, Step::Fail { error, .. } if **error == PayerError::WalletSignature), "{step:?}");
}

#[test]
fn s65_an_offer_of_permit2_is_passed_over_for_one_that_can_be_signed() {
    let accepts = Vec::from([by_permit2(), own(10_000)]);
    let mut world = World::new(Gate { accepts, ..Gate::new(Dialect::V2) });
    assert_eq!(world.get(FILM).status(), 200);
    let mut world = World::new(Gate { accepts: Vec::from([by_permit2()]), ..Gate::new(Dialect::V2) });
    assert_eq!(world.get(FILM).code(), "permit2_not_allowed");
    assert_eq!(world.signatures, 0);
}

#[test]
fn what_a_server_signs_and_whom_it_invites_is_passed_over() {
    let mut world = World::new(Gate { notary: Some(Notary::honest()), signs_in: true, ..Gate::without_office() });
    for signatures in [1, 2] {
        assert_eq!(world.get(FILM).status(), 200);
        assert_eq!((world.sign_ins, world.signatures), (0, signatures));
    }
}

#[test]
fn what_only_the_full_build_tells_names_the_import_to_change() {
    let mut world = World::new(Gate::new(Dialect::V2));
    assert_eq!(world.get(FILM).status(), 200);
    assert!(["history", "origins"].iter().all(|name| !world.payer.to_record().contains(name)));
    let (payer, nothing) = (&world.payer, parse("{}").unwrap());
    let refused = [
        payer.history(0).err(),
        payer.history_as_csv(0).err(),
        payer.cancellation("").err(),
        explain(&nothing, &nothing).err(),
        quote(&nothing, &ResponseHead::default()).err(),
    ];
    for error in refused {
        assert_eq!(error.unwrap().code(), "needs_full_build");
    }
}
