//! Whether a relayer can pay for gas at all, asked once before it is relied on.

use super::chain::{self, At};
use super::decide::read;
use super::fees::Fees;
use super::nodes::{Turn, answers};
use super::{Finding, Relayer, SettleOutcome};
use crate::http::HttpRequest;

/// What a check costs alone, with room to spare.
const GAS: u64 = 100_000;

/// What is to be done next.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "the whole port")]
pub enum FundsStep {
    /// Send this, and hand the outcome to [`FundsCheck::resume`].
    Http(HttpRequest, FundsCheck),
    /// It has enough for one check at least.
    Enough,
    /// It has not, or no node says so.
    Failed(Finding),
}

/// A question to one node after the other.
#[derive(Debug)]
pub struct FundsCheck(Turn);

impl FundsCheck {
    /// Asks the first node.
    #[must_use]
    pub fn begin(relayer: &Relayer, now: u64) -> FundsStep {
        Self(relayer.nodes().turn(0, now)).ask(relayer)
    }

    fn ask(self, relayer: &Relayer) -> FundsStep {
        let calls = [chain::balance(relayer.address()), chain::block(At::Latest), chain::priority_fee()];
        FundsStep::Http(relayer.nodes().request(self.0, &calls), self)
    }

    /// Weighs a node's answer.
    #[must_use]
    pub fn resume(self, relayer: &Relayer, outcome: SettleOutcome, now: u64) -> FundsStep {
        match suffices(relayer, outcome) {
            Ok(true) => FundsStep::Enough,
            Ok(false) => FundsStep::Failed(Finding::NoGasMoney),
            Err(finding) => match relayer.nodes().after(self.0, finding, now) {
                Some(turn) => Self(turn).ask(relayer),
                None => FundsStep::Failed(finding),
            },
        }
    }
}

fn suffices(relayer: &Relayer, outcome: SettleOutcome) -> Result<bool, Finding> {
    let answers = answers(outcome, 3)?;
    let [balance, head, tip] = answers.as_slice() else { return Err(Finding::RpcUnusable) };
    let limit = relayer.config().max_fee_per_gas;
    let offer = Fees::offer(read(head, chain::read_block)?, read(tip, chain::read_quantity)?, limit);
    let price = offer.map_or(limit, |fees| fees.most);
    // Eighteen of a chain's units and more are beyond 64 bits, and plenty.
    let is_beyond = |text: &&str| text.starts_with("0x") && text.len() > 18;
    let balance = read(balance, |result| {
        chain::read_quantity(result).or_else(|| result.as_str().filter(is_beyond).map(|_| u64::MAX))
    })?;
    Ok(balance >= price.saturating_mul(GAS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::HttpAnswer;
    use crate::settle::{Batch, RelayerConfig};
    use crate::signature::SecretKey;
    use alloc::string::ToString as _;
    use alloc::{format, vec};

    fn said(balance: &str) -> SettleOutcome {
        let body = format!(
            r#"[{{"jsonrpc":"2.0","id":0,"result":"{balance}"}},{{"jsonrpc":"2.0","id":2,"result":"0x7"}},
            {{"jsonrpc":"2.0","id":1,"result":{{"number":"0x1","timestamp":"0x1","baseFeePerGas":"0x3e8"}}}}]"#
        );
        SettleOutcome::Http(Ok(HttpAnswer { status: 200, body, retry_after: None }))
    }

    #[test]
    fn s53_a_relayer_has_enough_for_a_check_at_least_or_is_told_so() {
        let rpc = vec!["http://a".to_string(), "http://b".to_string()];
        let config = RelayerConfig { rpc, confirmations: 1, max_fee_per_gas: 10_000, batch: Batch::default() };
        let relayer = Relayer::new(config, SecretKey::from_bytes(&mut [0x11; 32]).unwrap());
        let asked = |outcomes: &[SettleOutcome]| {
            let mut step = FundsCheck::begin(&relayer, 7);
            for outcome in outcomes {
                let FundsStep::Http(_, check) = step else { panic!("asks no more") };
                step = check.resume(&relayer, outcome.clone(), 7);
            }
            match step {
                FundsStep::Http(..) => panic!("asks on"),
                FundsStep::Enough => None,
                FundsStep::Failed(finding) => Some(finding),
            }
        };
        // 100,000 gas at 2,007 wei.
        assert_eq!(asked(&[said("0xbf67060")]), None);
        assert_eq!(asked(&[said("0xbf6705f")]), Some(Finding::NoGasMoney));
        assert_eq!(asked(&[said("0x0")]), Some(Finding::NoGasMoney));
        assert_eq!(asked(&[said("0x8ac7230489e80000000")]), None);
        assert_eq!(asked(&[said(""), said("0xffffffff")]), None, "the other node knows");
        assert_eq!(asked(&[said(""), said("-")]), Some(Finding::RpcUnusable));
    }
}
