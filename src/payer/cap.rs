//! The caps on what is paid: what each is called, and what it is where its owner does not say (S55).

use super::limit::OriginCap;

/// A cap. They are looked at in the order of [`Self::OF_BUDGET`], the one of the request before all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cap {
    /// `budget.perPayment`
    PerPayment,
    /// `budget.perHour`
    PerHour,
    /// `budget.perDay`
    PerDay,
    /// `budget.total`
    Total,
    /// A cap of one origin.
    Origin(OriginCap),
    /// `maxAmount` of one request.
    Request,
}

impl Cap {
    pub(super) const OF_BUDGET: [Self; 4] = [Self::PerPayment, Self::PerHour, Self::PerDay, Self::Total];

    pub(super) const OF_ORIGIN: [Self; 4] = [
        Self::Origin(OriginCap::PerPayment),
        Self::Origin(OriginCap::PerHour),
        Self::Origin(OriginCap::PerDay),
        Self::Origin(OriginCap::Total),
    ];

    /// The option's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PerPayment => "budget.perPayment",
            Self::PerHour => "budget.perHour",
            Self::PerDay => "budget.perDay",
            Self::Total => "budget.total",
            Self::Origin(cap) => cap.name(),
            Self::Request => "maxAmount",
        }
    }

    /// Its name within the option that it belongs to.
    pub(super) fn member(self) -> &'static str {
        let within = match self {
            Self::Origin(_) => "budget.origins.",
            Self::Request => "",
            _ => "budget.",
        };
        self.name().strip_prefix(within).unwrap_or_default()
    }

    /// The code of what is above it.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::PerPayment => "over_per_payment",
            Self::PerHour => "over_per_hour",
            Self::PerDay => "over_per_day",
            Self::Total => "over_total",
            Self::Origin(cap) => cap.code(),
            Self::Request => "over_max_amount",
        }
    }

    /// What it is without a word of the owner's, in units.
    pub(super) const fn default(self) -> Option<&'static str> {
        match self {
            Self::PerPayment => Some("0.10"),
            Self::PerDay => Some("1.00"),
            _ => None,
        }
    }
}
