//! A limit by address for calls without a key. Counted per process: it protects this machine, and is no quota.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// The most addresses that are remembered; beyond it all windows start anew.
const ADDRESSES_MAX: usize = 20_000;

/// So many calls per window from one address.
#[derive(Debug)]
pub(super) struct AddressLimit {
    calls_max: u32,
    window: Duration,
    seen: Mutex<HashMap<Option<IpAddr>, (Instant, u32)>>,
}

impl AddressLimit {
    /// A limit of `calls_max` per `window`.
    pub(super) fn new(calls_max: u32, window: Duration) -> Self {
        Self {
            calls_max,
            window,
            seen: Mutex::default(),
        }
    }

    /// Counts a call.
    ///
    /// # Errors
    /// Over the limit: the seconds until the window ends.
    pub(super) fn count(&self, address: Option<IpAddr>) -> Result<(), u64> {
        let now = Instant::now();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= ADDRESSES_MAX {
            seen.retain(|_, (began, _)| now.duration_since(*began) < self.window);
        }
        if seen.len() >= ADDRESSES_MAX {
            seen.clear();
        }
        let (began, calls) = seen.entry(address.map(subscriber)).or_insert((now, 0));
        let passed = now.duration_since(*began);
        if passed >= self.window {
            (*began, *calls) = (now, 0);
        }
        *calls += 1;
        if *calls <= self.calls_max {
            return Ok(());
        }
        Err(self
            .window
            .saturating_sub(now.duration_since(*began))
            .as_secs()
            + 1)
    }
}

/// One subscriber has a /64 of IPv6 at least; single addresses in it are free to it.
fn subscriber(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_window_ends_and_begins_anew() {
        let limit = AddressLimit::new(2, Duration::from_mins(1));
        let one = Some("192.0.2.1".parse().unwrap());
        assert_eq!((limit.count(one), limit.count(one)), (Ok(()), Ok(())));
        assert!(
            limit
                .count(one)
                .is_err_and(|seconds| (1..=61).contains(&seconds))
        );
        assert_eq!(limit.count(Some("192.0.2.2".parse().unwrap())), Ok(()));
        tokio::time::advance(Duration::from_secs(61)).await;
        assert_eq!(limit.count(one), Ok(()));
    }

    #[test]
    fn addresses_of_one_subscriber_count_as_one() {
        let subscriber = |text: &str| subscriber(text.parse().unwrap());
        assert_eq!(subscriber("2001:db8::1"), subscriber("2001:db8::ffff:2"));
        assert_ne!(subscriber("2001:db8::1"), subscriber("2001:db8:0:1::1"));
    }
}
