//! Two clocks that differ: ours, and the one that the server looks at when it reads a payment (S16).

/// The furthest that a server's clock is believed to be from ours, in seconds; gates allow as much.
const MAX_SKEW: u64 = 600;
/// A signature is good for so long by our own clock at least, whatever the server's shows.
const MIN_VALIDITY: u64 = 30;

/// What time it is here and there, in seconds since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    pub(super) now: u64,
    server: u64,
}

impl Clock {
    /// Ours, and the server's `Date`, as far as it can be believed.
    pub(super) fn of(now: u64, date: Option<u64>) -> Self {
        let server = date.unwrap_or(now).clamp(now.saturating_sub(MAX_SKEW), now.saturating_add(MAX_SKEW));
        Self { now, server }
    }

    /// Until when a signature is to be good: as long as the server asks by its own clock, and no longer than the budget
    /// allows by ours (S61).
    pub(super) fn deadline(self, timeout: u64, max_validity: u64) -> u64 {
        let least = self.now.saturating_add(timeout.min(max_validity).min(MIN_VALIDITY));
        self.server.saturating_add(timeout).min(self.now.saturating_add(max_validity)).max(least)
    }
}

impl From<u64> for Clock {
    fn from(now: u64) -> Self {
        Self { now, server: now }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_700_000_000;

    fn lifetime(date: Option<u64>, timeout: u64, max_validity: u64) -> u64 {
        Clock::of(NOW, date).deadline(timeout, max_validity) - NOW
    }

    #[test]
    fn s16_a_validity_is_the_servers_by_its_own_clock() {
        assert_eq!(lifetime(None, 300, 600), 300);
        assert_eq!(lifetime(Some(NOW), 300, 600), 300);
        assert_eq!(lifetime(Some(NOW + 120), 300, 600), 420);
        assert_eq!(lifetime(Some(NOW - 120), 300, 600), 180);
    }

    #[test]
    fn s61_no_date_makes_a_validity_longer_than_the_budget_allows_or_useless() {
        for date in [0, NOW - 601, NOW + 601, u64::MAX] {
            for timeout in [0, 1, 60, 300, 86_400, u64::MAX] {
                let lifetime = lifetime(Some(date), timeout, 600);
                assert!(lifetime <= 600, "{date} {timeout}");
                assert!(lifetime >= timeout.min(30), "{date} {timeout}");
            }
        }
        assert_eq!(lifetime(Some(NOW + 86_400), 60, 86_400), 660);
    }
}
