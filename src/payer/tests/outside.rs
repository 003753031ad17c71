//! A wallet outside, which may sign what it likes.

use super::gate::Gate;
use super::world::{World, key};
use crate::amount::Amount;
use crate::network::Network;
use crate::payer::{ApprovedPayment, Outcome, PayerError};
use crate::protocol::Dialect;
use crate::signature::SecretKey;
use alloc::format;
use alloc::string::ToString as _;

const FILM: &str = "https://cinema.example/films/1";

#[test]
fn s66_a_wallet_that_signs_something_else_is_found_out() {
    let sign_other: [fn(&ApprovedPayment) -> Outcome; 5] = [
        |payment| {
            let other = SecretKey::from_bytes(&mut [0x47; 32]).unwrap();
            Outcome::Signed(other.sign(&payment.authorization().digest(payment.asset())).to_hex())
        },
        |payment| {
            let mut authorization = *payment.authorization();
            authorization.transfer_mut().value = Amount::from(10_001);
            Outcome::Signed(key().sign(&authorization.digest(payment.asset())).to_hex())
        },
        |payment| {
            let mut asset = payment.asset().clone();
            asset.network = Network::from_chain_id(1).unwrap();
            Outcome::Signed(key().sign(&payment.authorization().digest(&asset)).to_hex())
        },
        |_| Outcome::Signed("0x".to_string()),
        |_| Outcome::Signed(format!("0x{}", "00".repeat(65))),
    ];
    for wallet in sign_other {
        let mut world = World::new(Gate::new(Dialect::V2));
        world.wallet = wallet;
        assert_eq!(world.get(FILM).code(), "wallet_signature_invalid");
        assert_eq!((world.payments_sent(), world.spent_today().as_str()), (0, "0"));
    }
}

#[test]
fn s66_a_key_of_ours_seals_what_a_wallet_would_and_for_its_own_account_only() {
    let mut world = World::new(Gate::new(Dialect::V2));
    world.wallet = |payment| {
        let hex = key().sign(&payment.authorization().digest(payment.asset())).to_hex();
        assert_eq!(payment.sealed_with(&key()).unwrap(), payment.sealed(&hex).unwrap());
        let other = SecretKey::from_bytes(&mut [0x47; 32]).unwrap();
        assert_eq!(payment.sealed_with(&other).unwrap_err(), PayerError::WalletSignature.boxed());
        Outcome::Signed(hex)
    };
    assert_eq!(world.get(FILM).status(), 200);
}

#[test]
fn s66_a_wallet_may_write_v_as_0_or_1() {
    let mut world = World::new(Gate::new(Dialect::V2));
    world.wallet = |payment| {
        let mut hex = key().sign(&payment.authorization().digest(payment.asset())).to_hex();
        let v = if hex.ends_with("1b") { "00" } else { "01" };
        hex.replace_range(130.., v);
        Outcome::Signed(hex)
    };
    assert_eq!(world.get(FILM).status(), 200);
}
