//! The one place that lets money go: every rule about what may be paid, and the record that it is being paid.

use super::by_origin::{ByOrigin, OwnCap};
use super::cap::Cap;
use super::clock::Clock;
use super::config::{Config, UNIT_DECIMALS};
use super::error::PayerError;
use super::full::OfFull;
use super::tally::Tally;
use crate::address::Address;
use crate::amount::Amount;
use crate::asset::Asset;
use crate::authorization::Authorization;
use crate::protocol::{Method, Offer, PaymentRequirements};
use crate::spell::Spell as _;
use alloc::borrow::ToOwned as _;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::convert::Infallible;

/// What may be spent, and what was.
#[derive(Clone, Debug)]
pub(super) struct Budget {
    pub(super) config: Config,
    pub(super) tally: Tally,
    /// What each origin got of it.
    pub(super) by_origin: Option<OfFull<ByOrigin>>,
    /// The first payee of each origin (S57).
    pub(super) pinned: Vec<(String, Address)>,
}

/// Proof that a payment is within the budget and counted in it. Only [`Budget::approve`] makes one, and only for one
/// can a signature be made (S54).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovedPayment {
    offer: Offer,
    asset: Asset,
    authorization: Authorization,
    at: u64,
}

impl ApprovedPayment {
    /// What it answers.
    #[must_use]
    pub const fn offer(&self) -> &Offer {
        &self.offer
    }

    /// The asset, from our own table.
    #[must_use]
    pub const fn asset(&self) -> &Asset {
        &self.asset
    }

    /// What is to be signed.
    #[must_use]
    pub const fn authorization(&self) -> &Authorization {
        &self.authorization
    }

    /// When it was approved, in seconds since the epoch.
    #[must_use]
    pub const fn at(&self) -> u64 {
        self.at
    }
}

impl Budget {
    pub(super) fn new(config: Config) -> Self {
        let by_origin = OfFull::make(|| Ok::<_, Infallible>(ByOrigin::EMPTY)).unwrap_or_default();
        Self { config, tally: Tally::EMPTY, by_origin, pinned: Vec::new() }
    }

    /// Whether `origin` may be paid this by `account` now, at `most` for this one request, and in which asset.
    pub(super) fn check(
        &self,
        wanted: &PaymentRequirements,
        origin: &str,
        account: Address,
        most: &Amount,
        now: u64,
    ) -> Result<Asset, Box<PayerError>> {
        let Config { limits, networks, assets, permit2, rules, .. } = &self.config;
        if !networks.contains(&wanted.network) {
            return Err(PayerError::NetworkNotAllowed(wanted.network.spell()).boxed());
        }
        let Some(asset) = assets.find(wanted.network, wanted.asset) else {
            return Err(PayerError::UnknownAsset(wanted.asset.spell()).boxed());
        };
        if let Some(rules) = rules {
            rules.get().check_asset(wanted.asset)?;
            rules.get().check_payee(wanted.pay_to)?;
        }
        if wanted.domain.as_ref().is_some_and(|domain| !domain.is_of(&asset)) {
            return Err(PayerError::AssetMismatch.boxed());
        }
        match wanted.method {
            Method::Eip3009 if asset.has_eip3009 => {}
            Method::Eip3009 => return Err(PayerError::AssetMismatch.boxed()),
            _ if *permit2 => {}
            _ => return Err(PayerError::Permit2NotAllowed.boxed()),
        }
        self.check_payee(wanted.pay_to, origin, account)?;
        let price = in_units(wanted.amount, &asset).unwrap_or(Amount::MAX);
        let within = |cap, limit: &Amount, spent: Amount| {
            let left = limit.checked_sub(spent).unwrap_or(Amount::ZERO);
            if price <= left {
                return Ok(());
            }
            let price = wanted.amount.to_units(asset.decimals);
            Err(PayerError::OverBudget { cap, price, left: left.to_units(UNIT_DECIMALS) }.boxed())
        };
        within(Cap::Request, most, Amount::ZERO)?;
        for (cap, limit) in &limits.caps {
            within(*cap, limit, self.tally.against(*cap, now))?;
        }
        for OwnCap { cap, limit, spent } in self.origin_caps(origin, now) {
            within(cap, &limit, spent)?;
        }
        Ok(asset)
    }

    fn check_payee(&self, payee: Address, origin: &str, account: Address) -> Result<(), Box<PayerError>> {
        if payee == Address::ZERO || payee == account {
            return Err(PayerError::InvalidPayee.boxed());
        }
        let listed = self.config.limits.payees.iter().find(|(listed, _)| listed == origin);
        let known = match listed {
            Some((_, payees)) => payees.contains(&payee),
            None => self.pinned.iter().all(|(pinned, first)| pinned != origin || *first == payee),
        };
        if known { Ok(()) } else { Err(PayerError::PayeeChanged.boxed()) }
    }

    /// The payee to which its first payment has pinned this origin, unless a list says who may be paid there.
    pub(super) fn pinned_payee(&self, origin: &str) -> Option<Address> {
        let is_listed = self.config.limits.payees.iter().any(|(listed, _)| listed == origin);
        self.pinned.iter().find(|(pinned, _)| pinned == origin && !is_listed).map(|(_, payee)| *payee)
    }

    /// Pins this payee in the place of the one that the owner knew when asked (S57).
    pub(super) fn repin(&mut self, origin: &str, known: Address, payee: Address) {
        for (_, pinned) in self.pinned.iter_mut().filter(|(pinned, payee)| pinned == origin && *payee == known) {
            *pinned = payee;
        }
    }

    /// Checks again, counts the payment as spent, pins its payee, and writes the check that may be signed (S61, S62).
    ///
    /// # Errors
    /// What is against it; nothing is counted then.
    pub(super) fn approve(
        &mut self,
        offer: &Offer,
        origin: &str,
        account: Address,
        most: &Amount,
        nonce: [u8; 32],
        clock: impl Into<Clock>,
    ) -> Result<ApprovedPayment, Box<PayerError>> {
        let clock = clock.into();
        let (wanted, now) = (&offer.requirements, clock.now);
        let asset = self.check(wanted, origin, account, most, now)?;
        let deadline = clock.deadline(wanted.max_timeout_seconds, self.config.limits.max_validity);
        let Some(authorization) = wanted.check(account, nonce, deadline) else {
            return Err(PayerError::Permit2NotAllowed.boxed());
        };
        let price = in_units(wanted.amount, &asset).unwrap_or(Amount::MAX);
        self.tally.add(price, now);
        if let Some(by_origin) = &mut self.by_origin {
            by_origin.get_mut().add(origin, price, now);
        }
        if self.pinned.iter().all(|(pinned, _)| pinned != origin) {
            self.pinned.push((origin.to_owned(), wanted.pay_to));
        }
        Ok(ApprovedPayment { offer: offer.clone(), asset, authorization, at: now })
    }

    /// Gives back what was approved and never signed, or signed and never shown to anybody.
    pub(super) fn give_back(&mut self, payment: &ApprovedPayment, origin: &str) {
        if let Some(price) = in_units(payment.authorization.amount(), &payment.asset) {
            self.tally.take_back(price, payment.at);
            if let Some(by_origin) = &mut self.by_origin {
                by_origin.get_mut().take_back(origin, price, payment.at);
            }
        }
    }
}

/// Atomic units of an asset in the budget's units. A unit of any allowed asset counts as one.
fn in_units(amount: Amount, asset: &Asset) -> Option<Amount> {
    Amount::from_units(&amount.to_units(asset.decimals), UNIT_DECIMALS).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;
    use crate::network::Network;
    use crate::protocol::AssetDomain;
    use alloc::format;
    use proptest::prelude::*;

    const NOW: u64 = 1_700_000_000;
    const ORIGIN: &str = "https://cinema.example";
    const ACCOUNT: Address = Address::from_bytes([0x11; 20]);

    fn budget(limits: &str) -> Budget {
        let options = format!(r#"{{"networks":["eip155:84532","eip155:8453"],"budget":{{{limits}}}}}"#);
        Budget::new(Config::read(&parse(&options).unwrap()).unwrap())
    }

    fn offer(amount: u64) -> Offer {
        let network = Network::from_chain_id(84532).unwrap();
        let asset = budget("").config.assets.default_for(network).unwrap();
        let requirements = PaymentRequirements {
            method: Method::Eip3009,
            network,
            asset: asset.address,
            amount: Amount::from(amount),
            pay_to: Address::from_bytes([0x22; 20]),
            max_timeout_seconds: 300,
            domain: Some(AssetDomain::of(&asset)),
        };
        Offer { requirements, echo: None }
    }

    fn code(budget: &Budget, change: impl FnOnce(&mut PaymentRequirements)) -> &'static str {
        let mut offer = offer(10_000);
        change(&mut offer.requirements);
        budget
            .check(&offer.requirements, ORIGIN, ACCOUNT, &Amount::MAX, NOW)
            .map_or_else(|error| error.code(), |_| "ok")
    }

    #[test]
    fn s55_each_cap_holds_to_the_last_atomic_unit() {
        for (limits, amount, expected) in [
            ("", 100_000, "ok"),
            ("", 100_001, "over_per_payment"),
            (r#""perPayment":"5""#, 1_000_000, "ok"),
            (r#""perPayment":"5""#, 1_000_001, "over_per_day"),
            (r#""perPayment":"5","perHour":"0.5""#, 500_001, "over_per_hour"),
            (r#""total":"0.05""#, 50_000, "ok"),
            (r#""total":"0.05""#, 50_001, "over_total"),
            (r#""perPayment":"0""#, 1, "over_per_payment"),
        ] {
            assert_eq!(
                code(&budget(limits), |wanted| wanted.amount = Amount::from(amount)),
                expected,
                "{limits} {amount}"
            );
        }
        assert_eq!(code(&budget(""), |wanted| wanted.amount = Amount::MAX), "over_per_payment");
    }

    #[test]
    fn s56_network_asset_and_domain_must_be_ours() {
        let budget = budget("");
        assert_eq!(code(&budget, |_| {}), "ok");
        assert_eq!(code(&budget, |wanted| wanted.domain = None), "ok");
        assert_eq!(code(&budget, |wanted| wanted.network = Network::from_chain_id(1).unwrap()), "network_not_allowed");
        assert_eq!(code(&budget, |wanted| wanted.network = Network::from_chain_id(8453).unwrap()), "unknown_asset");
        assert_eq!(code(&budget, |wanted| wanted.asset = Address::from_bytes([9; 20])), "unknown_asset");
        for (name, version) in [("USD Coin", "2"), ("USDC", "1")] {
            let domain = AssetDomain { name: name.into(), version: version.into() };
            assert_eq!(code(&budget, |wanted| wanted.domain = Some(domain)), "asset_mismatch");
        }
    }

    #[test]
    fn s57_a_payee_is_pinned_by_its_first_payment() {
        let mut budget = budget("");
        let other = |wanted: &mut PaymentRequirements| wanted.pay_to = Address::from_bytes([0x33; 20]);
        assert_eq!(code(&budget, other), "ok");
        budget.approve(&offer(1), ORIGIN, ACCOUNT, &Amount::MAX, [0; 32], NOW).unwrap();
        assert_eq!(code(&budget, other), "payee_changed");
        assert_eq!(code(&budget, |_| {}), "ok");
        let mut elsewhere = offer(1).requirements;
        other(&mut elsewhere);
        assert!(budget.check(&elsewhere, "https://theatre.example", ACCOUNT, &Amount::MAX, NOW).is_ok());
    }

    #[test]
    fn s57_a_list_of_payees_wins_over_the_first() {
        let listed = r#""payees":{"https://cinema.example":["0x3333333333333333333333333333333333333333"]}"#;
        let mut budget = budget(listed);
        assert_eq!(code(&budget, |_| {}), "payee_changed");
        let first = offer(1);
        let mut offer = offer(1);
        offer.requirements.pay_to = Address::from_bytes([0x33; 20]);
        budget.approve(&offer, ORIGIN, ACCOUNT, &Amount::MAX, [0; 32], NOW).unwrap();
        assert_eq!(
            budget.approve(&first, ORIGIN, ACCOUNT, &Amount::MAX, [0; 32], NOW),
            Err(PayerError::PayeeChanged.boxed())
        );
    }

    #[test]
    fn s57_nobody_and_oneself_are_no_payees() {
        let budget = budget("");
        assert_eq!(code(&budget, |wanted| wanted.pay_to = Address::ZERO), "invalid_payee");
        assert_eq!(code(&budget, |wanted| wanted.pay_to = ACCOUNT), "invalid_payee");
    }

    #[test]
    fn s61_a_check_is_short_lived() {
        let mut budget = budget(r#""maxValidity":200"#);
        let mut valid_for = |seconds: u64| {
            let mut offer = offer(1);
            offer.requirements.max_timeout_seconds = seconds;
            let approved = budget.approve(&offer, ORIGIN, ACCOUNT, &Amount::MAX, [7; 32], NOW).unwrap();
            assert_eq!(approved.authorization().valid_after(), 0);
            assert_eq!(approved.authorization().nonce(), &[7; 32]);
            approved.authorization().deadline() - NOW
        };
        assert_eq!(valid_for(60), 60);
        assert_eq!(valid_for(200), 200);
        assert_eq!(valid_for(u64::MAX), 200);
    }

    proptest! {
        #[test]
        fn s55_no_order_of_payments_exceeds_a_cap(prices in prop::collection::vec((1_u64..200_000, 0_u64..7200), 1..80)) {
            let mut budget = budget(r#""total":"2.5""#);
            let mut now = NOW;
            let (mut total, mut paid) = (0, alloc::vec![]);
            for (price, later) in prices {
                now += later;
                if budget.approve(&offer(price), ORIGIN, ACCOUNT, &Amount::MAX, [0; 32], now).is_ok() {
                    prop_assert!(price <= 100_000);
                    total += price;
                    paid.push((now, price));
                }
                let today: u64 = paid.iter().filter(|(at, _)| *at > now - 86_400).map(|(_, price)| price).sum();
                prop_assert!(today <= 1_000_000);
                prop_assert!(total <= 2_500_000);
            }
        }
    }
}
