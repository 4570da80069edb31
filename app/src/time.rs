//! Times in the words and the zone of the person. Only a browser knows the zone; the server renders none.

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(not(feature = "hydrate"))]
mod server;

#[cfg(feature = "hydrate")]
use browser as zone;
#[cfg(not(feature = "hydrate"))]
use server as zone;

use std::time::Duration;

use leptos::prelude::*;

/// A day of the person's calendar, for grouping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Day {
    pub(crate) year: u32,
    /// 1 to 12.
    pub(crate) month: u32,
    /// 1 to 31.
    pub(crate) day: u32,
}

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Milliseconds since the Unix epoch, as the device has them.
pub(crate) fn now_ms() -> i64 {
    zone::now_ms()
}

/// Hours and minutes: `12:04`.
pub(crate) fn clock(at_ms: i64) -> String {
    zone::clock(at_ms)
}

/// `Today`, `Yesterday`, or `Tuesday 17 November`.
pub(crate) fn day_name(at_ms: i64, now_ms: i64) -> String {
    if zone::day(at_ms) == zone::day(now_ms) {
        "Today".into()
    } else if zone::day(at_ms) == zone::day(now_ms - DAY_MS) {
        "Yesterday".into()
    } else {
        zone::long_day(at_ms)
    }
}

/// The day it was.
pub(crate) fn day(at_ms: i64) -> Day {
    zone::day(at_ms)
}

/// The day of `2026-11-23`, as `Monday 23 November`.
pub(crate) fn long_date(date: &str) -> String {
    zone::noon_of(date).map(zone::long_day).unwrap_or_default()
}

/// The same, as `23 Nov`.
pub(crate) fn short_date(date: &str) -> String {
    zone::noon_of(date).map(zone::short_day).unwrap_or_default()
}

/// The name of the person's time zone, as `Europe/Oslo`.
pub(crate) fn time_zone() -> String {
    zone::name_of_zone().unwrap_or_else(|| "Etc/UTC".into())
}

/// As short as still clear: `12:04` today, `Tue 17:40` within a week, `17 Nov` before.
pub(crate) fn moment(at_ms: i64, now_ms: i64) -> String {
    if zone::day(at_ms) == zone::day(now_ms) {
        clock(at_ms)
    } else if now_ms - at_ms < 7 * DAY_MS {
        format!("{} {}", zone::weekday(at_ms), clock(at_ms))
    } else {
        zone::short_day(at_ms)
    }
}

/// How long ago, for a list: `now`, `5 min`, `2 h`, `3 d`, `4 w`.
pub(crate) fn ago(at_ms: i64, now_ms: i64) -> String {
    let past_ms = now_ms - at_ms;
    match past_ms {
        ..MINUTE_MS => "now".into(),
        MINUTE_MS..HOUR_MS => format!("{} min", past_ms / MINUTE_MS),
        HOUR_MS..DAY_MS => format!("{} h", past_ms / HOUR_MS),
        _ if past_ms < 14 * DAY_MS => format!("{} d", past_ms / DAY_MS),
        _ => format!("{} w", past_ms / (7 * DAY_MS)),
    }
}

/// `30 days left`, `5 h left`: days to the nearest, so that 30 of them begin with 30.
pub(crate) fn left(until_ms: i64, now_ms: i64) -> String {
    match until_ms - now_ms {
        ..HOUR_MS => "less than 1 h left".into(),
        left_ms if left_ms < 2 * DAY_MS => format!("{} h left", left_ms / HOUR_MS),
        left_ms => format!("{} days left", (left_ms + DAY_MS / 2) / DAY_MS),
    }
}

/// In the form of `<time datetime>`.
pub(crate) fn datetime(at_ms: i64) -> String {
    zone::iso(at_ms)
}

/// The time by the minute, for words that age.
pub(crate) fn use_now() -> Signal<i64> {
    use_context::<Now>().map_or_else(|| Signal::from(RwSignal::new(now_ms())), |now| now.0)
}

#[derive(Clone, Copy)]
struct Now(Signal<i64>);

/// Lets the words of the components below age.
pub(crate) fn provide_now() {
    let now = RwSignal::new(now_ms());
    provide_context(Now(now.into()));
    Effect::new(move |_| {
        let tick = set_interval_with_handle(move || now.set(now_ms()), Duration::from_secs(30));
        on_cleanup(move || {
            if let Ok(tick) = tick {
                tick.clear();
            }
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ux_1_times_are_short_words() {
        let now = 100 * DAY_MS;
        assert_eq!(ago(now - 5, now), "now");
        assert_eq!(ago(now + HOUR_MS, now), "now");
        assert_eq!(ago(now - 5 * MINUTE_MS, now), "5 min");
        assert_eq!(ago(now - 2 * HOUR_MS, now), "2 h");
        assert_eq!(ago(now - 3 * DAY_MS, now), "3 d");
        assert_eq!(ago(now - 30 * DAY_MS, now), "4 w");
        assert_eq!(left(now + 30 * DAY_MS - 5, now), "30 days left");
        assert_eq!(left(now + 29 * DAY_MS + 5, now), "29 days left");
        assert_eq!(left(now + 2 * DAY_MS - 5, now), "47 h left");
        assert_eq!(left(now + 5 * HOUR_MS, now), "5 h left");
        assert_eq!(left(now - 5, now), "less than 1 h left");
    }
}
