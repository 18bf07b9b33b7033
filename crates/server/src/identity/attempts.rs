//! How often somebody may come with a wrong token: ten times a minute.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const MOST: usize = 10;
const WITHIN: Duration = Duration::from_secs(60);
/// Whoever fails from more places at once than this is forgotten sooner.
const PLACES_KEPT: usize = 10_000;

/// From where, and for which token; none for one that nobody has. Kept apart, so that who guesses
/// does not lock others out behind the same proxy.
pub(super) type Place = (Option<IpAddr>, Option<String>);

/// The failures of the last minute.
#[derive(Debug, Default)]
pub(super) struct Attempts(Mutex<HashMap<Place, VecDeque<Instant>>>);

impl Attempts {
    /// Whether another try is allowed. `Err`: in how long.
    pub(super) fn allowed(&self, place: &Place, now: Instant) -> Result<(), Duration> {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(failures) = places.get_mut(place) else { return Ok(()) };
        forget_old(failures, now);
        match failures.front() {
            Some(first) if failures.len() >= MOST => Err(*first + WITHIN - now),
            _ => Ok(()),
        }
    }

    /// Notes a failure.
    pub(super) fn failed(&self, place: Place, now: Instant) {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if places.len() >= PLACES_KEPT {
            places.retain(|_, failures| {
                forget_old(failures, now);
                !failures.is_empty()
            });
        }
        if places.len() >= PLACES_KEPT {
            places.clear();
        }
        places.entry(place).or_default().push_back(now);
    }
}

fn forget_old(failures: &mut VecDeque<Instant>, now: Instant) {
    while failures.front().is_some_and(|first| now.duration_since(*first) >= WITHIN) {
        failures.pop_front();
    }
}

/// The part of an address that tells one peer from another: of IPv6 a network has all the rest.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6([a, b, c, d, 0, 0, 0, 0].into())
        }
        short => short,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_failures_a_minute_and_no_more() {
        let attempts = Attempts::default();
        let begun = Instant::now();
        let at = |seconds: u64| begun + Duration::from_secs(seconds);
        let place = |last: u8, id: &str| (Some([10, 0, 0, last].into()), Some(id.to_owned()));
        for second in 0..10 {
            assert_eq!(attempts.allowed(&place(1, "a"), at(second)), Ok(()));
            attempts.failed(place(1, "a"), at(second));
        }
        let check = |last: u8, id: &str, second: u64, expected: Result<(), u64>| {
            let found = attempts.allowed(&place(last, id), at(second));
            assert_eq!(found.map_err(|wait| wait.as_secs()), expected, "{last} {id} {second}");
        };
        check(1, "a", 10, Err(50));
        check(1, "a", 59, Err(1));
        check(1, "b", 10, Ok(()));
        check(2, "a", 10, Ok(()));
        check(1, "a", 60, Ok(()));
    }

    #[test]
    fn networks_are_told_apart() {
        let check = |address: &str, expected: &str| {
            assert_eq!(network(address.parse().unwrap()).to_string(), expected);
        };
        check("10.1.2.3", "10.1.2.3");
        check("::ffff:10.1.2.3", "10.1.2.3");
        check("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::");
    }
}
