//! What it makes of Permit2: a fixed amount is settled as one by EIP-3009 is, and a ceiling is not taken.

use super::*;
use crate::authorization::Authorization;

/// A payment of a cent by this method, with its requirements.
fn asked(method: Method) -> String {
    let (requirements, asset, key) = cent(method);
    let authorization = requirements.check(key.address(), [0x77; 32], NOW + 300).unwrap();
    let signature = key.sign(&authorization.digest(&asset));
    let payment =
        v2::write_payment(&SignedPayment { offer: Offer { requirements, echo: None }, authorization, signature }, None);
    let wanted = payment.get("accepted").unwrap().clone();
    crate::dialect::facilitator::write_request(payment, wanted)
}

#[test]
fn a_fixed_amount_is_settled_and_its_success_told_once() {
    let mut world = World::new(Fate::Settled);
    let own = asked(Method::Permit2);
    assert!(read_verify_answer(&world.run(&post("/verify", &own)).body).unwrap().is_valid);
    let answer = read_settle_answer(&world.run(&post("/settle", &own)).body).unwrap();
    assert_eq!((answer.success, answer.transaction), (true, Some(HASH)));
    let entry = &world.records.first_key_value().unwrap().1.entry;
    assert!(matches!(entry.authorization(), Authorization::Permit2(_)));
    assert_eq!(said(&world.run(&post("/settle", &own)), "errorReason"), "invalid_exact_evm_nonce_already_used");
}

/// Whoever its payer named: what was charged could be less, and `/supported` does not name the scheme.
#[test]
fn a_ceiling_is_refused_by_its_scheme() {
    let signer = Address::from_config("0x209693Bc6afc0C5328bA36FaF03C514EF312287C").unwrap();
    for facilitator in [signer, Address::from_bytes([0x33; 20])] {
        let mut world = World::new(Fate::Settled);
        let own = asked(Method::Upto { facilitator });
        for (door, reason) in [("/verify", "invalidReason"), ("/settle", "errorReason")] {
            let refused = world.run(&post(door, &own));
            assert_eq!((refused.status, said(&refused, reason)), (200, "invalid_exact_evm_scheme".into()));
        }
        assert_eq!(world.writes, 0);
    }
}
