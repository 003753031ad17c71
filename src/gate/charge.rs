//! What a handler charges of an `upto` payment: `{"amount"}` of the header `Settlement-Overrides`, as in the stock SDK.

use crate::amount::Amount;
use crate::asset::Asset;
use crate::json::{Value, parse};

/// Reads `"4200"` (atomic units), `"42%"` or `"42.5%"` of the ceiling, or `"$0.0042"`. Above the ceiling it is the
/// ceiling: more was not signed for.
pub(super) fn read(overrides: &str, ceiling: Amount, asset: &Asset) -> Option<Amount> {
    let document = parse(overrides).ok()?;
    let text = document.get("amount").and_then(Value::as_str)?;
    let amount = if let Some(percent) = text.strip_suffix('%') {
        share(ceiling, Amount::from_units(percent, 2).ok()?.to_u64()?)?
    } else if let Some(units) = text.strip_prefix('$') {
        Amount::from_units(units, asset.decimals).ok()?
    } else {
        Amount::from_decimal(text).ok()?
    };
    Some(amount.min(ceiling))
}

/// So many ten-thousandths of an amount, cut to whole units.
fn share(amount: Amount, ten_thousandths: u64) -> Option<Amount> {
    if ten_thousandths >= 10_000 {
        return Some(amount);
    }
    let product = (0..ten_thousandths).try_fold(Amount::ZERO, |sum, _| sum.checked_add(amount))?;
    let units = product.to_units(4);
    Amount::from_decimal(units.split('.').next()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asset::AssetTable;
    use crate::network::Network;

    #[test]
    fn s11_a_charge_is_exact_and_never_above_the_ceiling() {
        let asset = AssetTable::default().default_for(Network::from_chain_id(84_532).unwrap()).unwrap();
        let charge = |text: &str| {
            read(&alloc::format!(r#"{{"amount":{text}}}"#), Amount::from(10_001), &asset).and_then(Amount::to_u64)
        };
        for (text, amount) in [
            ("\"4200\"", 4_200),
            ("\"0\"", 0),
            ("\"10001\"", 10_001),
            ("\"10002\"", 10_001),
            ("\"50%\"", 5_000),
            ("\"0.01%\"", 1),
            ("\"99.99%\"", 9_999),
            ("\"0%\"", 0),
            ("\"100%\"", 10_001),
            ("\"250%\"", 10_001),
            ("\"$0.0042\"", 4_200),
            ("\"$1\"", 10_001),
        ] {
            assert_eq!(charge(text), Some(amount), "{text}");
        }
        for refused in
            ["4200", "\"\"", "\"-1\"", "\"0x10\"", "\"1.5\"", "\"%\"", "\"1.234%\"", "\"$0.00000001\"", "null"]
        {
            assert_eq!(charge(refused), None, "{refused}");
        }
        assert_eq!(read("x", Amount::from(1), &asset), None);
        assert_eq!(read("{}", Amount::from(1), &asset), None);
    }
}
