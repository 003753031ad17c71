//! The states and the moves between them.

/// Where a payment is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "a new state is a new design")]
pub enum State {
    /// Every check passed and the key is ours; a lease runs.
    Claimed,
    /// The ticket's bytes are fixed.
    Granted,
    /// A transaction's hash is stored; it is sent, or about to be.
    Settling,
    /// The transfer was seen.
    Settled,
    /// The authorization can never move money.
    Failed,
    /// Sent, outcome out of sight.
    Unknown,
}

/// A move that the table does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransitionError {
    /// From here.
    pub from: State,
    /// To there.
    pub to: State,
}

impl core::fmt::Display for TransitionError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "a payment never moves from {} to {}", self.from.name(), self.to.name())
    }
}

impl core::error::Error for TransitionError {}

impl State {
    /// All states.
    pub const ALL: [Self; 6] =
        [Self::Claimed, Self::Granted, Self::Settling, Self::Settled, Self::Failed, Self::Unknown];

    /// The table of moves; [`super::LIFE`] says what has to be so before each.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        match self {
            Self::Claimed => {
                matches!(next, Self::Claimed | Self::Granted | Self::Settling | Self::Settled | Self::Failed)
            }
            Self::Granted => matches!(next, Self::Settling | Self::Settled | Self::Failed),
            Self::Settling | Self::Unknown => {
                matches!(next, Self::Settling | Self::Settled | Self::Failed | Self::Unknown)
            }
            Self::Settled => matches!(next, Self::Settled),
            Self::Failed => false,
        }
    }

    /// What became of the money is known.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Settled | Self::Failed)
    }

    /// The stable name: in stores, logs and public reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Claimed => "claimed",
            Self::Granted => "granted",
            Self::Settling => "settling",
            Self::Settled => "settled",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }

    /// The state of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}
