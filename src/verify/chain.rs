//! What the chain says about a payment: one round trip, and a verdict (S8).
//!
//! | the chain says | then |
//! |---|---|
//! | no code at the payer | its key decides |
//! | code at the payer, a delegated key's (EIP-7702) included | its contract decides, and no key |
//! | no code, and the seal names a factory on the operator's list | deployed and asked in a simulation |
//! | the nonce is used, the balance too low, the transfer refused | the payer's, but it cannot be cashed |
//! | nothing that can be relied on | no verdict: another node is asked (S51) |

use super::{Candidate, VerifiedPayment};
use crate::address::Address;
use crate::chain::abi::{self, Call};
use crate::chain::method;
use crate::chain::multicall::{read_results, together};
use crate::chain::node::{self, At};
use crate::chain::rpc::{self, Answer, mentions};
use crate::http::{HttpAnswer, HttpFault, HttpRequest};
use crate::json::Value;
use crate::protocol::{Permit2Refusal, Refusal};
use crate::seal::{Deployment, Seal};
use crate::signature::Signature;
use alloc::vec::Vec;

/// What an answer of a node comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "a gate does something about each")]
#[allow(clippy::large_enum_variant, reason = "there is one at a time")]
pub enum Verdict {
    /// The payer's, and it could be cashed now.
    Good(VerifiedPayment),
    /// The payer's, but it could not be cashed now. Such as a payment that was cashed long ago: whoever accepted it then
    /// answers as then (S41).
    Uncashable(VerifiedPayment, Refusal),
    /// Not the payer's.
    Refused(Refusal),
    /// The node said nothing that can be relied on.
    Unusable(Candidate),
}

/// Code of any length fits, and whatever a sane contract returns.
const MAX_BYTES: usize = 256 * 1024;
/// Somebody waits at the door.
const TIMEOUT_MS: u32 = 5_000;

/// A contract's answer: what it returned, or nothing where it failed.
type Said = Option<Vec<u8>>;

/// Why there is no verdict for the payer.
enum Against {
    /// It is not the payer's seal.
    Seal(Refusal),
    /// The node's answer cannot be relied on.
    Doubt,
}

impl Candidate {
    /// The one request that answers all. `factories` are those that the operator trusts to deploy wallets.
    #[must_use]
    pub fn ask(&self, url: &str, factories: &[Address]) -> HttpRequest {
        rpc::request_within(url, &self.questions(factories), TIMEOUT_MS, MAX_BYTES)
    }

    /// Weighs what came back for [`Self::ask`] with the same factories.
    #[must_use]
    pub fn weigh(self, answer: &Result<HttpAnswer, HttpFault>, factories: &[Address]) -> Verdict {
        let count = self.questions(factories).len();
        let answers = match answer {
            Ok(HttpAnswer { status: 200..300, body, .. }) => rpc::read(body, count),
            _ => None,
        };
        match answers.ok_or(Against::Doubt).and_then(|answers| self.judge(&answers, factories)) {
            Ok((seal, None)) => Verdict::Good(Self { seal, ..self }.verified()),
            Ok((seal, Some(refusal))) => Verdict::Uncashable(Self { seal, ..self }.verified(), refusal),
            Err(Against::Seal(refusal)) => Verdict::Refused(refusal),
            Err(Against::Doubt) => Verdict::Unusable(self),
        }
    }

    fn questions(&self, factories: &[Address]) -> Vec<rpc::Call> {
        let (asset, authorization, payer) = (self.asset.address, &self.authorization, self.authorization.payer());
        let seal = self.deployed_seal();
        let ask_account = abi::is_valid_signature(payer, &self.digest(), &seal.to_bytes());
        let transfer = method::transfer(asset, authorization, authorization.amount(), &seal);
        let view = |call: &Call| node::simulate(call, None, At::Latest);
        let mut calls = Vec::from([
            // A node may be exchanged behind its URL at any time.
            node::chain_id(),
            node::code(payer),
            view(&ask_account),
            view(&abi::balance_of(asset, payer)),
            view(&method::nonce_state(asset, authorization)),
            node::simulate(&transfer, method::cashier(authorization), At::Latest),
        ]);
        calls.extend(method::allowance(asset, authorization).map(|call| view(&call)));
        if let Some(deployment) = self.trusted(factories) {
            calls.push(view(&together(&[(abi::deploy(deployment), true), (ask_account, true), (transfer, true)])));
        }
        calls
    }

    /// The seal that the account's contract takes once it exists.
    fn deployed_seal(&self) -> Seal {
        match &self.seal {
            Seal::Undeployed(deployment) => Seal::from_bytes(&deployment.signature),
            seal => seal.clone(),
        }
    }

    /// Nothing that a payment brings along is called, unless the operator knows whom it calls.
    fn trusted(&self, factories: &[Address]) -> Option<&Deployment> {
        match &self.seal {
            Seal::Undeployed(deployment) if factories.contains(&deployment.factory) => Some(deployment),
            _ => None,
        }
    }

    /// The seal that proved to be the payer's, and what stands against cashing it.
    fn judge(&self, answers: &[Answer], factories: &[Address]) -> Result<(Seal, Option<Refusal>), Against> {
        let [chain_id, code, word, balance, state, transfer, rest @ ..] = answers else {
            return Err(Against::Doubt);
        };
        if result(chain_id, node::read_quantity)? != self.network().chain_id() {
            return Err(Against::Doubt);
        }
        let has_code = !result(code, node::read_bytes)?.is_empty();
        let (seal, moves) = match &self.seal {
            _ if has_code => {
                if !said(word)?.is_some_and(|word| abi::is_yes(&word)) {
                    return Err(Against::Seal(self.forged()));
                }
                (self.deployed_seal(), said(transfer)?.is_some())
            }
            Seal::Key(signature) => {
                self.check_key(signature, Signature::recover).map_err(Against::Seal)?;
                (self.seal.clone(), said(transfer)?.is_some())
            }
            Seal::Contract(_) => return Err(Against::Seal(self.forged())),
            Seal::Undeployed(_) if self.trusted(factories).is_none() => return Err(Against::Seal(Refusal::Factory)),
            Seal::Undeployed(_) => (self.seal.clone(), self.moves_once_deployed(rest)?),
        };
        let objection = match self.objection(balance, state)? {
            None if self.lacks_allowance(rest)? => Some(Refusal::Permit2(Permit2Refusal::Allowance)),
            None if !moves => Some(Refusal::Simulation),
            objection => objection,
        };
        Ok((seal, objection))
    }

    /// Whether the transfer would work after the account was deployed, where its contract stands by the seal.
    fn moves_once_deployed(&self, answers: &[Answer]) -> Result<bool, Against> {
        let returned = said(answers.last().ok_or(Against::Doubt)?)?.unwrap_or_default();
        // A factory that used up everything, or a chain without the contract that deploys and asks in one.
        if returned.is_empty() {
            return Err(Against::Seal(Refusal::Factory));
        }
        match read_results(&returned).ok_or(Against::Doubt)? {
            [_, (true, word), (moves, _)] if abi::is_yes(word) => Ok(moves),
            _ => Err(Against::Seal(self.forged())),
        }
    }

    /// What stands against cashing beside a simulation that fails: a plainer reason.
    fn objection(&self, balance: &Answer, state: &Answer) -> Result<Option<Refusal>, Against> {
        let (balance, state) = match (said(balance)?, said(state)?) {
            (Some(nothing), _) if nothing.is_empty() => return Ok(Some(Refusal::NoAsset)),
            (Some(balance), Some(state)) => {
                (abi::amount_from_word(&balance), method::read_nonce_state(&self.authorization, &state))
            }
            _ => return Ok(Some(Refusal::Simulation)),
        };
        let is_poor = balance.ok_or(Against::Doubt)? < self.authorization.amount();
        Ok(if state.ok_or(Against::Doubt)? {
            Some(Refusal::NonceUsed)
        } else if is_poor {
            Some(Refusal::Balance)
        } else {
            None
        })
    }

    /// Whether the method may take less from the payer than it would have to.
    fn lacks_allowance(&self, rest: &[Answer]) -> Result<bool, Against> {
        if method::allowance(self.asset.address, &self.authorization).is_none() {
            return Ok(false);
        }
        let allowed = said(rest.first().ok_or(Against::Doubt)?)?.and_then(|word| abi::amount_from_word(&word));
        Ok(allowed.ok_or(Against::Doubt)? < self.authorization.amount())
    }
}

/// What a contract said. Where nothing was said at all, only the message tells whether the contract or the node failed.
fn said(answer: &Answer) -> Result<Said, Against> {
    match answer {
        Err(message) if FAILURES.iter().any(|words| mentions(message, words)) => Ok(None),
        answer => result(answer, node::read_bytes).map(Some),
    }
}

/// The words of nodes for a contract that failed: go-ethereum, anvil, Erigon, Nethermind and Besu.
const FAILURES: [&str; 5] = ["revert", "opcode", "out of gas", "outofgas", "vm execution error"];

fn result<T>(answer: &Answer, read: impl FnOnce(&Value) -> Option<T>) -> Result<T, Against> {
    answer.as_ref().ok().and_then(read).ok_or(Against::Doubt)
}

#[cfg(test)]
mod tests;
