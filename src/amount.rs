//! Money: an unsigned 256-bit integer of atomic units, exact in and out (S10, S11).

use crate::spell::Spell;
use crate::text::{from_utf8, number, split_before};
use alloc::string::String;
use alloc::vec::Vec;

/// An amount of an asset in its atomic units (for USDC, millionths of a dollar), 0 to 2^256 − 1.
///
/// Kept big-endian, as the EVM and EIP-712 encode it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount([u8; 32]);

/// Why a text is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AmountError {
    /// Not a plain decimal number in its only spelling.
    NotDecimal,
    /// Above 2^256 − 1.
    TooLarge,
    /// More digits behind the point than the asset has; nothing is ever cut or rounded.
    TooPrecise,
}

impl core::fmt::Display for AmountError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::NotDecimal => "an amount is a plain decimal number without sign, blanks or leading zeros",
            Self::TooLarge => "the amount does not fit into 256 bits",
            Self::TooPrecise => "the amount has more digits behind the point than the asset",
        })
    }
}

impl core::error::Error for AmountError {}

/// As many units as nine digits can tell.
const BILLION: u64 = 1_000_000_000;

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self([0; 32]);
    /// 2^256 − 1.
    pub const MAX: Self = Self([0xff; 32]);

    /// From 32 bytes, big-endian.
    #[must_use]
    pub const fn from_be_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// To 32 bytes, big-endian: the EVM's word.
    #[must_use]
    pub const fn to_be_bytes(self) -> [u8; 32] {
        self.0
    }

    /// The value where it fits into 64 bits.
    #[must_use]
    pub fn to_u64(self) -> Option<u64> {
        let (high, low) = self.0.split_last_chunk::<8>()?;
        high.iter().all(|byte| *byte == 0).then(|| u64::from_be_bytes(*low))
    }

    /// Reads the one canonical decimal spelling: `^(0|[1-9][0-9]{0,77})$`.
    ///
    /// # Errors
    /// Every other spelling (S10), or a value above 2^256 − 1.
    pub fn from_decimal(text: &str) -> Result<Self, AmountError> {
        let leading_zero = text.len() > 1 && text.starts_with('0');
        if text.is_empty() || leading_zero || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(AmountError::NotDecimal);
        }
        if text.len() > 78 {
            return Err(AmountError::TooLarge);
        }
        // Most amounts are small, and 32 bytes take their time.
        if let Some(small) = number(text) {
            return Ok(Self::from(small));
        }
        let mut value = Self::ZERO;
        for digit in text.bytes() {
            value = value.times_ten_plus(digit.wrapping_sub(b'0')).ok_or(AmountError::TooLarge)?;
        }
        Ok(value)
    }

    /// Reads whole units such as `"0.01"` for an asset with `decimals` digits behind its point.
    ///
    /// # Errors
    /// A sign, an exponent, a bare point, leading zeros, digits that the asset does not have (S11).
    pub fn from_units(text: &str, decimals: u8) -> Result<Self, AmountError> {
        let (whole, fraction) = match split_before(text, b".") {
            (_, ".") => return Err(AmountError::NotDecimal),
            (whole, fraction) => (whole, fraction.get(1..).unwrap_or_default()),
        };
        let mut value = Self::from_decimal(whole)?;
        if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(AmountError::NotDecimal);
        }
        let missing = usize::from(decimals).checked_sub(fraction.len()).ok_or(AmountError::TooPrecise)?;
        for digit in fraction.bytes().chain(core::iter::repeat_n(b'0', missing)) {
            value = value.times_ten_plus(digit.wrapping_sub(b'0')).ok_or(AmountError::TooLarge)?;
        }
        Ok(value)
    }

    /// Writes whole units, without zeros that say nothing: 10000 with 6 decimals is `0.01`.
    #[must_use]
    pub fn to_units(self, decimals: u8) -> String {
        let digits = self.to_digits(usize::from(decimals).saturating_add(1));
        let point = digits.len().saturating_sub(usize::from(decimals));
        let (whole, fraction) = digits.split_at_checked(point).unwrap_or((&digits, ""));
        let zeros = fraction.bytes().rev().take_while(|digit| *digit == b'0').count();
        let fraction = fraction.get(..fraction.len().saturating_sub(zeros)).unwrap_or_default();
        if fraction.is_empty() { String::from(whole) } else { [whole, ".", fraction].concat() }
    }

    /// The sum, where it fits.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let (sum, carry) = self.plus(&other, 0, 0);
        (carry == 0).then_some(sum)
    }

    /// The difference, where it is not negative.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        // Two's complement: the bits of the other the other way round, and one.
        let (difference, carry) = self.plus(&other, 0xff, 1);
        (carry == 1).then_some(difference)
    }

    /// The sum, or the largest amount where it does not fit. For totals that are only compared with a limit.
    #[must_use]
    pub fn saturating_add(self, other: Self) -> Self {
        self.checked_add(other).unwrap_or(Self::MAX)
    }

    /// The sum with `other`, whose bits are turned by `turn`, and what is carried out at the top.
    fn plus(mut self, other: &Self, turn: u8, mut carry: u8) -> (Self, u8) {
        for (a, b) in self.0.iter_mut().zip(&other.0).rev() {
            let sum = u16::from(*a).wrapping_add(u16::from(*b ^ turn)).wrapping_add(carry.into());
            [carry, *a] = sum.to_be_bytes();
        }
        (self, carry)
    }

    fn times_ten_plus(self, digit: u8) -> Option<Self> {
        let mut product = self.0;
        let mut carry = u16::from(digit);
        for byte in product.iter_mut().rev() {
            let [high, low] = u16::from(*byte).wrapping_mul(10).wrapping_add(carry).to_be_bytes();
            *byte = low;
            carry = u16::from(high);
        }
        (carry == 0).then_some(Self(product))
    }

    /// Divides in place by a billion and returns the remainder: nine digits.
    fn pop_digits(&mut self) -> u32 {
        let mut remainder = 0_u64;
        for limb in self.0.as_chunks_mut::<4>().0 {
            let dividend = remainder.wrapping_shl(32) | u64::from(u32::from_be_bytes(*limb));
            // A remainder is below the divisor, so the quotient fits into a limb.
            let [_, _, _, _, quotient @ ..] = dividend.wrapping_div(BILLION).to_be_bytes();
            *limb = quotient;
            remainder = dividend.wrapping_rem(BILLION);
        }
        let [_, _, _, _, digits @ ..] = remainder.to_be_bytes();
        u32::from_be_bytes(digits)
    }
}

impl Amount {
    /// Its decimal digits, at least so many.
    fn to_digits(mut self, least: usize) -> String {
        let mut digits = Vec::with_capacity(81);
        while self != Self::ZERO {
            let mut nine = self.pop_digits();
            for _ in 0..9 {
                let [.., digit] = nine.wrapping_rem(10).to_be_bytes();
                digits.push(b'0'.wrapping_add(digit));
                nine = nine.wrapping_div(10);
            }
        }
        let zeros = digits.iter().rev().take_while(|digit| **digit == b'0').count();
        digits.truncate(digits.len().saturating_sub(zeros));
        digits.resize(digits.len().max(least), b'0');
        digits.reverse();
        from_utf8(digits).unwrap_or_default()
    }
}

impl From<u64> for Amount {
    #[inline(never)]
    fn from(value: u64) -> Self {
        let mut bytes = [0; 32];
        if let Some(low) = bytes.last_chunk_mut::<8>() {
            *low = value.to_be_bytes();
        }
        Self(bytes)
    }
}

/// The canonical decimal spelling, the only one that we write.
impl Spell for Amount {
    #[inline(never)]
    fn spell(&self) -> String {
        self.to_digits(1)
    }
}

impl core::fmt::Display for Amount {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.spell())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use proptest::prelude::*;

    const MAX_DECIMAL: &str = "115792089237316195423570985008687907853269984665640564039457584007913129639935";

    #[test]
    fn s10_only_the_canonical_decimal_is_read() {
        for (text, value) in [("0", 0), ("7", 7), ("10000", 10_000), ("18446744073709551615", u64::MAX)] {
            assert_eq!(Amount::from_decimal(text), Ok(Amount::from(value)));
        }
        for refused in ["", "00", "01", "+1", "-1", " 1", "1 ", "1_0", "1e5", "0x1", "1.0", "١", "1\n"] {
            assert_eq!(Amount::from_decimal(refused), Err(AmountError::NotDecimal), "{refused:?}");
        }
    }

    #[test]
    fn s11_the_bounds_of_uint256_are_exact() {
        assert_eq!(Amount::from_decimal(MAX_DECIMAL), Ok(Amount::MAX));
        assert_eq!(Amount::MAX.to_string(), MAX_DECIMAL);
        for too_large in [
            "115792089237316195423570985008687907853269984665640564039457584007913129639936",
            "999999999999999999999999999999999999999999999999999999999999999999999999999999",
            "1157920892373161954235709850086879078532699846656405640394575840079131296399350",
        ] {
            assert_eq!(Amount::from_decimal(too_large), Err(AmountError::TooLarge));
        }
        assert_eq!(Amount::MAX.checked_add(Amount::from(1)), None);
        assert_eq!(Amount::ZERO.checked_sub(Amount::from(1)), None);
        assert_eq!(Amount::MAX.to_u64(), None);
    }

    #[test]
    fn s11_units_convert_exactly_or_not_at_all() {
        assert_eq!(Amount::from_units("0.01", 6), Ok(Amount::from(10_000)));
        assert_eq!(Amount::from_units("1", 6), Ok(Amount::from(1_000_000)));
        assert_eq!(Amount::from_units("0.000001", 6), Ok(Amount::from(1)));
        assert_eq!(Amount::from_units("0.0000001", 6), Err(AmountError::TooPrecise));
        assert_eq!(Amount::from_units("0.0000010", 6), Err(AmountError::TooPrecise));
        for refused in ["", ".", ".1", "1.", "01.5", "-1", "1,5", "1e1", "1.+5", "$1"] {
            assert_eq!(Amount::from_units(refused, 6), Err(AmountError::NotDecimal), "{refused}");
        }
        assert_eq!(Amount::from(10_000).to_units(6), "0.01");
        assert_eq!(Amount::from(1_000_000).to_units(6), "1");
        assert_eq!(Amount::from(5).to_units(0), "5");
        assert_eq!(Amount::ZERO.to_units(6), "0");
    }

    proptest! {
        #[test]
        fn s10_parse_after_print_is_the_identity(bytes: [u8; 32]) {
            let amount = Amount::from_be_bytes(bytes);
            prop_assert_eq!(Amount::from_decimal(&amount.to_string()), Ok(amount));
        }

        #[test]
        fn s11_units_round_trip(bytes: [u8; 32], decimals in 0_u8..=36) {
            let amount = Amount::from_be_bytes(bytes);
            prop_assert_eq!(Amount::from_units(&amount.to_units(decimals), decimals), Ok(amount));
        }

        #[test]
        fn s11_addition_and_subtraction_agree_with_128_bits(a: u64, b: u64) {
            let sum = Amount::from(a).checked_add(Amount::from(b)).unwrap();
            prop_assert_eq!(sum.to_string(), (u128::from(a) + u128::from(b)).to_string());
            prop_assert_eq!(sum.checked_sub(Amount::from(b)), Some(Amount::from(a)));
            prop_assert_eq!(Amount::from(a).cmp(&Amount::from(b)), a.cmp(&b));
        }
    }
}
