//! Days of a time zone, summer time and all.

use holdfast_domain::statistics::{DAYS, StatisticsQuery};
use holdfast_domain::{Error, Result};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::count::QUARTER_MS;

/// Some days, one after the other.
pub(super) struct Days {
    first: Date,
    last: Date,
    zone: TimeZone,
}

impl Days {
    /// Those that are asked for.
    ///
    /// # Errors
    /// `InvalidValue`.
    pub(super) fn of(query: &StatisticsQuery, now_ms: i64) -> Result<Self> {
        let zone = TimeZone::get(&query.time_zone)
            .map_err(|_| invalid("time_zone", "This is no name of a time zone, as Europe/Oslo."))?;
        if !(1..=DAYS).contains(&query.days) {
            return Err(invalid("days", "These are 1 to 366 days."));
        }
        let last = match &query.last {
            Some(last) => last.parse().map_err(|_| beyond())?,
            None => date(&zone, now_ms).ok_or_else(beyond)?,
        };
        let first = last.checked_sub((i32::from(query.days) - 1).days()).map_err(|_| beyond())?;
        Ok(Self { first, last, zone })
    }

    /// Their names, as in `2026-11-23`.
    pub(super) fn names(&self) -> impl Iterator<Item = String> {
        self.first
            .series(1.day())
            .take_while(|date| *date <= self.last)
            .map(|date| date.to_string())
    }

    /// The quarter hours since the Unix epoch that are in them: from the first one, before the second one.
    ///
    /// # Errors
    /// `InvalidValue`.
    pub(super) fn quarters(&self) -> Result<(i64, i64)> {
        let end = self.last.tomorrow().map_err(|_| beyond())?;
        let begin = |date: Date| {
            let midnight = date.to_zoned_datetime(self.zone.clone()).map_err(|_| beyond())?;
            Ok(midnight.timestamp().as_millisecond().div_euclid(QUARTER_MS))
        };
        Ok((begin(self.first)?, begin(end)?))
    }

    /// Which of the days a quarter hour is in, from 0 on.
    pub(super) fn index(&self, quarter: i64) -> Option<usize> {
        let date = date(&self.zone, quarter.checked_mul(QUARTER_MS)?)?;
        let days = self.first.until(date).ok()?.get_days();
        usize::try_from(days).ok()
    }
}

fn date(zone: &TimeZone, ms: i64) -> Option<Date> {
    Some(Timestamp::from_millisecond(ms).ok()?.to_zoned_datetime(zone.clone()).date())
}

fn beyond() -> Error {
    invalid("last", "This is no day, as 2026-11-23.")
}

fn invalid(field: &str, reason: &str) -> Error {
    Error::InvalidValue { field: field.into(), reason: reason.into() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn days(days: u16, last: &str, zone: &str) -> Result<Days> {
        let query = StatisticsQuery { days, last: Some(last.into()), time_zone: zone.into() };
        Days::of(&query, 0)
    }

    #[test]
    fn sess_6_a_day_in_which_the_clock_changes_has_another_length() {
        // 23, 24 and 25 hours, in quarters; and 24 and a half, where it changes by half an hour.
        for (day, zone, quarters) in [
            ("2026-03-29", "Europe/Oslo", 92),
            ("2026-06-01", "Europe/Oslo", 96),
            ("2026-10-25", "Europe/Oslo", 100),
            ("2026-04-05", "Australia/Lord_Howe", 98),
        ] {
            let (first, end) = days(1, day, zone).unwrap().quarters().unwrap();
            assert_eq!(end - first, quarters, "{day} {zone}");
        }
    }

    #[test]
    fn sess_6_each_quarter_hour_is_in_the_day_of_the_time_zone() {
        for zone in ["Europe/Oslo", "Asia/Kathmandu", "Pacific/Apia", "America/New_York"] {
            let days = days(30, "2026-11-23", zone).unwrap();
            assert_eq!(days.names().count(), 30);
            let (first, end) = days.quarters().unwrap();
            let indices: Vec<_> = (first..end).map(|at| days.index(at).unwrap()).collect();
            assert!(indices.is_sorted() && indices.last() == Some(&29), "{zone}");
            assert_eq!((days.index(first), days.index(first - 1)), (Some(0), None));
        }
    }

    #[test]
    fn sess_6_what_is_no_day_or_no_zone_is_refused() {
        for (number, last, zone) in [
            (0, "2026-11-23", "Etc/UTC"),
            (367, "2026-11-23", "Etc/UTC"),
            (1, "2026-02-30", "Etc/UTC"),
            (1, "tomorrow", "Etc/UTC"),
            (366, "-009999-01-01", "Etc/UTC"),
            (1, "2026-11-23", "Europe/Atlantis"),
            (1, "2026-11-23", "../../etc/passwd"),
            (1, "2026-11-23", ""),
        ] {
            assert!(days(number, last, zone).is_err(), "{number} {last} {zone}");
        }
        // The last day there is has no next one.
        assert!(days(1, "9999-12-31", "Etc/UTC").and_then(|days| days.quarters()).is_err());
    }
}
