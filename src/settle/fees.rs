//! What a gas may cost: the offer for a new transaction, and the higher one for its replacement (EIP-1559).

use super::chain::Block;

/// Wei per gas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fees {
    /// In all.
    pub(super) most: u64,
    /// Of that for the block's maker.
    pub(super) tip: u64,
}

impl Fees {
    /// With room for six full blocks, each of which raises the base fee by an eighth. `None`: the next block alone costs
    /// more than `limit`.
    pub(super) fn offer(head: Block, tip: u64, limit: u64) -> Option<Self> {
        let most = head.base_fee.saturating_mul(2).saturating_add(tip).min(limit);
        (most >= head.base_fee).then_some(Self { most, tip: tip.min(most) })
    }

    /// At least this, and so much above `old` that a node takes it in its place: a tenth at most nodes, an eighth to be
    /// sure. `None`: that would be more than `limit`.
    pub(super) fn above(self, old: Self, limit: u64) -> Option<Self> {
        let raised = |fee: u64| fee.saturating_add(fee.wrapping_div(8)).saturating_add(1);
        let most = self.most.max(raised(old.most));
        (most <= limit).then_some(Self { most, tip: self.tip.max(raised(old.tip)).min(most) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn head(base_fee: u64) -> Block {
        Block { number: 1, timestamp: 0, base_fee }
    }

    #[test]
    fn s51_an_offer_is_never_above_the_limit_and_never_below_the_next_block() {
        assert_eq!(Fees::offer(head(1_000), 7, 10_000), Some(Fees { most: 2_007, tip: 7 }));
        assert_eq!(Fees::offer(head(1_000), 7, 1_500), Some(Fees { most: 1_500, tip: 7 }));
        assert_eq!(Fees::offer(head(1_000), 7, 1_000), Some(Fees { most: 1_000, tip: 7 }));
        assert_eq!(Fees::offer(head(1_000), 7, 999), None);
        assert_eq!(Fees::offer(head(1_000), u64::MAX, 1_500), Some(Fees { most: 1_500, tip: 1_500 }));
        assert_eq!(Fees::offer(head(u64::MAX), u64::MAX, u64::MAX), Some(Fees { most: u64::MAX, tip: u64::MAX }));
    }

    #[test]
    fn s47_a_replacement_pays_an_eighth_more_at_least_of_both() {
        let old = Fees { most: 1_000, tip: 8 };
        assert_eq!(Fees { most: 5_000, tip: 7 }.above(old, 5_000), Some(Fees { most: 5_000, tip: 10 }));
        assert_eq!(Fees { most: 100, tip: 7 }.above(old, 5_000), Some(Fees { most: 1_126, tip: 10 }));
        assert_eq!(Fees { most: 100, tip: 7 }.above(old, 1_126), Some(Fees { most: 1_126, tip: 10 }));
        assert_eq!(Fees { most: 100, tip: 7 }.above(old, 1_125), None);
        assert_eq!(Fees { most: 1, tip: 0 }.above(Fees { most: 0, tip: 0 }, 9), Some(Fees { most: 1, tip: 1 }));
        let high = Fees { most: u64::MAX - 1, tip: u64::MAX - 1 };
        assert_eq!(high.above(high, u64::MAX - 1), None);
    }
}
