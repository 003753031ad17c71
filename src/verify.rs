//! From a received payment to a verified one: cheap checks first, at most one recovery (S25).

mod chain;

pub use chain::Verdict;

use crate::asset::Asset;
use crate::authorization::Authorization;
use crate::authorization::permit2::{PERMIT2, Spender};
use crate::eip712::Digest;
use crate::encoding::bare_hex;
use crate::keccak::keccak256;
use crate::network::Network;
use crate::protocol::{
    Dialect, Method, OwnRequirement, PaymentRequirements, Permit2Refusal, ReceivedPayment, Refusal, Terms,
};
use crate::seal::Seal;
use crate::signature::Signature;
use crate::spell::Spell;
use crate::{address::Address, amount::Amount};
use alloc::string::String;

/// Proof that a payment passed every check. Only this module makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedPayment {
    asset: Asset,
    authorization: Authorization,
    seal: Seal,
}

/// A payment that passed every check which needs neither a curve nor the chain. What is left is whether it is the
/// payer's: [`Self::by_key`] tells where the chain cannot be asked, [`Self::ask`] and [`Self::weigh`] where it can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    asset: Asset,
    authorization: Authorization,
    seal: Seal,
}

/// What makes a payment the same payment: network, asset, payer and nonce, never a text (S38).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplayKey([u8; 32]);

impl ReplayKey {
    /// From the 32 bytes of a key that was made before.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its first two bytes are the payer's last two, so that a ledger in parts finds a payer's payments in one of them.
    fn of(domain: &[u8], network: Network, keeper: Address, payer: Address, nonce: &[u8; 32]) -> Self {
        let chain_id = Amount::from(network.chain_id()).to_be_bytes();
        let mut key = keccak256(&[domain, &chain_id, keeper.as_bytes(), payer.as_bytes(), nonce]);
        let ([first, second, ..], [.., last_but_one, last]) = (&mut key, payer.as_bytes());
        (*first, *second) = (*last_but_one, *last);
        Self(key)
    }

    /// That of a `transferWithAuthorization` (EIP-3009).
    #[must_use]
    pub fn of_transfer(network: Network, asset: Address, payer: Address, nonce: &[u8; 32]) -> Self {
        Self::of(Authorization::TRANSFER_DOMAIN, network, asset, payer, nonce)
    }

    /// That of a permit (Permit2), whose nonces are the same for every asset.
    #[must_use]
    pub fn of_permit(network: Network, owner: Address, nonce: &[u8; 32]) -> Self {
        Self::of(Authorization::PERMIT_DOMAIN, network, PERMIT2, owner, nonce)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// 64 lower-case hex digits: the ledger's key and the ticket's `jti`.
impl Spell for ReplayKey {
    fn spell(&self) -> String {
        bare_hex(&self.0)
    }
}

impl core::fmt::Display for ReplayKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.spell())
    }
}

impl VerifiedPayment {
    /// Who pays: the account whose key signed, or whose contract stands by the seal.
    #[must_use]
    pub const fn payer(&self) -> Address {
        self.authorization.payer()
    }

    /// The asset, from our table.
    #[must_use]
    pub const fn asset(&self) -> &Asset {
        &self.asset
    }

    /// The signed fields.
    #[must_use]
    pub const fn authorization(&self) -> &Authorization {
        &self.authorization
    }

    /// What a relayer hands to the contract.
    #[must_use]
    pub const fn seal(&self) -> &Seal {
        &self.seal
    }

    /// The key under which the ledger remembers it.
    #[must_use]
    pub fn replay_key(&self) -> ReplayKey {
        let (authorization, asset) = (&self.authorization, &self.asset);
        let keeper = authorization.nonce_keeper(asset);
        ReplayKey::of(authorization.replay_domain(), asset.network, keeper, self.payer(), authorization.nonce())
    }
}

/// The least time, in seconds, that an authorization must still live, so that it can be cashed; the reference's value.
pub const CASHING_MARGIN: u64 = 6;

/// Verifies a payment against our own requirements, without the chain. `now` is in seconds since the epoch; `skew` is how much longer
/// than asked for an authorization may live, in seconds, because clocks differ (S16).
///
/// # Errors
/// The first check that it fails, in the order of S25. A contract wallet's seal is refused, whatever it says (S8).
pub fn verify(
    payment: &ReceivedPayment,
    own: &[OwnRequirement],
    now: u64,
    skew: u64,
) -> Result<VerifiedPayment, Refusal> {
    verify_with(payment, own, now, skew, Signature::recover)
}

fn verify_with<E>(
    payment: &ReceivedPayment,
    own: &[OwnRequirement],
    now: u64,
    skew: u64,
    recover: impl FnOnce(&Signature, &Digest) -> Result<Address, E>,
) -> Result<VerifiedPayment, Refusal> {
    inspect(payment, own, now, skew)?.by_key_with(recover)
}

/// All of [`verify`] but the seal.
///
/// # Errors
/// The first check that it fails, in the order of S25.
pub fn inspect(payment: &ReceivedPayment, own: &[OwnRequirement], now: u64, skew: u64) -> Result<Candidate, Refusal> {
    let ReceivedPayment { terms, authorization, seal, .. } = payment;
    let OwnRequirement { requirements, asset } =
        own.iter().find(|own| selects(terms, &own.requirements)).ok_or(Refusal::NoMatch)?;
    check_fields(payment, requirements, now, skew)?;
    Ok(Candidate { asset: asset.clone(), authorization: *authorization, seal: seal.clone() })
}

impl Candidate {
    /// The chain that it is about.
    #[must_use]
    pub const fn network(&self) -> Network {
        self.asset.network
    }

    /// Who pays, by its own word.
    #[must_use]
    pub const fn payer(&self) -> Address {
        self.authorization.payer()
    }

    /// Whether less than the signed amount may be cashed.
    #[must_use]
    pub const fn is_ceiling(&self) -> bool {
        self.authorization.is_ceiling()
    }

    /// The verdict where the chain cannot be asked: for keys only (S8).
    ///
    /// # Errors
    /// The seal is not that of the payer's key.
    pub fn by_key(self) -> Result<VerifiedPayment, Refusal> {
        self.by_key_with(Signature::recover)
    }

    fn by_key_with<E>(
        self,
        recover: impl FnOnce(&Signature, &Digest) -> Result<Address, E>,
    ) -> Result<VerifiedPayment, Refusal> {
        match &self.seal {
            Seal::Key(signature) => self.check_key(signature, recover).map(|()| self.verified()),
            // The form of a key's signature, which no contract would take from a key.
            Seal::Contract(bytes) if bytes.len() == 65 => Err(self.forged()),
            Seal::Contract(_) | Seal::Undeployed(_) => Err(Refusal::WrappedSignature),
        }
    }

    fn check_key<E>(
        &self,
        signature: &Signature,
        recover: impl FnOnce(&Signature, &Digest) -> Result<Address, E>,
    ) -> Result<(), Refusal> {
        let signer = recover(signature, &self.digest()).ok();
        if signer == Some(self.payer()) { Ok(()) } else { Err(self.forged()) }
    }

    const fn forged(&self) -> Refusal {
        as_permits(&self.authorization, Refusal::Signature)
    }

    fn digest(&self) -> Digest {
        self.authorization.digest(&self.asset)
    }

    fn verified(self) -> VerifiedPayment {
        let Self { asset, authorization, seal } = self;
        VerifiedPayment { asset, authorization, seal }
    }
}

/// Whether a payment's terms point at this requirement: all that they state must be equal to ours (S14).
fn selects(terms: &Terms, own: &PaymentRequirements) -> bool {
    fn agrees<T: PartialEq>(stated: Option<&T>, own: &T) -> bool {
        stated.is_none_or(|stated| stated == own)
    }
    terms.method == own.method
        && terms.network == own.network
        && agrees(terms.asset.as_ref(), &own.asset)
        && agrees(terms.amount.as_ref(), &own.amount)
        && agrees(terms.pay_to.as_ref(), &own.pay_to)
        && agrees(terms.max_timeout_seconds.as_ref(), &own.max_timeout_seconds)
        && (terms.domain.is_none() || terms.domain == own.domain)
}

/// What is signed against what is wanted, in the reference's order for each method.
fn check_fields(payment: &ReceivedPayment, wanted: &PaymentRequirements, now: u64, skew: u64) -> Result<(), Refusal> {
    let authorization = &payment.authorization;
    let longest = wanted.max_timeout_seconds.saturating_add(skew);
    let pays_enough = match payment.dialect {
        // Peers of v1 may sign for more than `maxAmountRequired`; what was signed is what is cashed.
        Dialect::V1 => authorization.amount() >= wanted.amount,
        Dialect::V2 | Dialect::Mock => authorization.amount() == wanted.amount,
    };
    let check_amount = || if pays_enough { Ok(()) } else { Err(Refusal::Value) };
    let checked = if authorization.payee() != wanted.pay_to {
        Err(Refusal::Recipient)
    } else if wanted.method == Method::Eip3009 {
        check_method(authorization, wanted.method)
            .and_then(|()| check_amount())
            .and_then(|()| check_window(authorization, now, longest))
    } else {
        check_method(authorization, wanted.method)
            .and_then(|()| check_window(authorization, now, longest))
            .and_then(|()| check_amount())
    };
    checked.map_err(|refusal| as_permits(authorization, refusal))
}

/// Whether the authorization is of the kind that the method asks for.
fn check_method(authorization: &Authorization, method: Method) -> Result<(), Refusal> {
    let spender = match authorization {
        Authorization::Eip3009(_) => None,
        Authorization::Permit2(permit) => Some(permit.spender),
    };
    match (spender, method) {
        (None, Method::Eip3009)
        | (Some(Spender::ExactProxy { .. }), Method::Permit2)
        | (Some(Spender::Payee(_)), Method::PermitToPayee) => Ok(()),
        (Some(Spender::UptoProxy { facilitator, .. }), Method::Upto { facilitator: own }) if facilitator == own => {
            Ok(())
        }
        (Some(Spender::UptoProxy { .. }), Method::Upto { .. }) => Err(Refusal::Permit2(Permit2Refusal::Facilitator)),
        _ => Err(Refusal::Scheme),
    }
}

/// The same reason as x402 names it for the method.
const fn as_permits(authorization: &Authorization, refusal: Refusal) -> Refusal {
    match (authorization, refusal) {
        (Authorization::Permit2(_), Refusal::Recipient) => Refusal::Permit2(Permit2Refusal::Recipient),
        (Authorization::Permit2(_), Refusal::Value) => Refusal::Permit2(Permit2Refusal::Value),
        (Authorization::Permit2(_), Refusal::Expired) => Refusal::Permit2(Permit2Refusal::Expired),
        (Authorization::Permit2(_), Refusal::NotYetValid) => Refusal::Permit2(Permit2Refusal::NotYetValid),
        (Authorization::Permit2(_), Refusal::Signature) => Refusal::Permit2(Permit2Refusal::Signature),
        _ => refusal,
    }
}

/// Contracts are strict at both ends; the upper bound keeps the ledger finite (S16, S44).
fn check_window(authorization: &Authorization, now: u64, longest: u64) -> Result<(), Refusal> {
    let (valid_after, valid_before) = (authorization.valid_after(), authorization.deadline());
    if valid_after >= now || valid_after >= valid_before {
        return Err(Refusal::NotYetValid);
    }
    if valid_before < now.saturating_add(CASHING_MARGIN) {
        return Err(Refusal::Expired);
    }
    if valid_before > now.saturating_add(longest) {
        return Err(Refusal::LivesTooLong);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
