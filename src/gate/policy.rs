//! When a check is cashed, and how much may be served before it is (S45).

use super::reader::{ConfigError, Reader};
use crate::amount::Amount;
use crate::ledger::{DECIMALS, Limits, MOST};

/// When the money moves, seen from the visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// Settled, then served.
    Before,
    /// Served, then settled.
    After,
}

impl When {
    pub(super) fn from_config(reader: &mut Reader<'_>) -> Result<Option<Self>, ConfigError> {
        match reader.text("when")? {
            None => Ok(None),
            Some("before") => Ok(Some(Self::Before)),
            Some("after") => Ok(Some(Self::After)),
            Some(_) => Err(reader.wrong("when", "is \"before\" or \"after\" serving")),
        }
    }
}

/// How much may be served before it is settled, in millionths of a unit. Above it the gate settles first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Credit {
    per_payer: u64,
    in_all: u64,
    per_hour: Option<u64>,
}

/// The window in which [`Credit::per_hour`] counts, in seconds.
pub(super) const HOUR: u64 = 3_600;

impl Credit {
    pub(super) fn from_config(config: &mut Reader<'_>) -> Result<Option<Self>, ConfigError> {
        config.reader("credit")?.map(Self::read).transpose()
    }

    // What a start does without stands by itself: a host compiles a function when it is first called.
    #[inline(never)]
    fn read(mut reader: Reader<'_>) -> Result<Self, ConfigError> {
        let mut limit = |name| match reader.text(name)? {
            None => Ok(None),
            Some(units) => Amount::from_units(units.strip_prefix('$').unwrap_or(units), DECIMALS)
                .ok()
                .and_then(Amount::to_u64)
                .filter(|limit| *limit <= MOST)
                .map(Some)
                .ok_or_else(|| reader.wrong(name, "is an amount in whole units such as \"0.50\"")),
        };
        let (per_payer, in_all, per_hour) = (limit("perPayer")?, limit("inAll")?, limit("perHour")?);
        if per_payer.is_none() {
            return Err(reader.missing("perPayer"));
        }
        reader.end()?;
        Ok(Self { per_payer: per_payer.unwrap_or(MOST), in_all: in_all.unwrap_or(MOST), per_hour })
    }

    /// What must not be exceeded now.
    pub(super) fn limits(self, now: u64) -> Limits {
        let window = self.per_hour.map(|most| (most, now.saturating_sub(HOUR)));
        Limits { payer: self.per_payer, all: self.in_all, window }
    }

    /// The records that a window counts must still be there.
    pub(super) const fn needs(self) -> u64 {
        if self.per_hour.is_some() { HOUR } else { 0 }
    }
}
