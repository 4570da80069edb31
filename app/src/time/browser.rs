//! The person's clock and calendar.

use js_sys::{Array, Date, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

use super::Day;

const WEEKDAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(super) fn now_ms() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, far below 2^53")]
    let now = Date::now() as i64;
    now
}

fn date(at_ms: i64) -> Date {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds are far below 2^53")]
    let at = at_ms as f64;
    Date::new(&JsValue::from_f64(at))
}

pub(super) fn clock(at_ms: i64) -> String {
    let date = date(at_ms);
    format!("{:02}:{:02}", date.get_hours(), date.get_minutes())
}

pub(super) fn day(at_ms: i64) -> Day {
    let date = date(at_ms);
    Day { year: date.get_full_year(), month: date.get_month() + 1, day: date.get_date() }
}

pub(super) fn weekday(at_ms: i64) -> &'static str {
    full_weekday(&date(at_ms)).get(..3).unwrap_or_default()
}

pub(super) fn short_day(at_ms: i64) -> String {
    let date = date(at_ms);
    format!("{} {}", date.get_date(), month(&date).get(..3).unwrap_or_default())
}

pub(super) fn long_day(at_ms: i64) -> String {
    let date = date(at_ms);
    format!("{} {} {}", full_weekday(&date), date.get_date(), month(&date))
}

/// Noon of `2026-11-23`: there is one on every day.
pub(super) fn noon_of(date: &str) -> Option<i64> {
    let mut parts = date.splitn(3, '-');
    let (year, month) = (parts.next()?.parse().ok()?, parts.next()?.parse::<i32>().ok()?);
    let day = parts.next()?.parse().ok()?;
    let noon = Date::new_with_year_month_day_hr(year, month - 1, day, 12).get_time();
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, far below 2^53")]
    let noon = noon as i64;
    Some(noon)
}

pub(super) fn name_of_zone() -> Option<String> {
    let format = Intl::DateTimeFormat::new(&Array::new(), &Object::new());
    Reflect::get(&format.resolved_options(), &"timeZone".into()).ok()?.as_string()
}

pub(super) fn iso(at_ms: i64) -> String {
    date(at_ms).to_iso_string().into()
}

fn full_weekday(date: &Date) -> &'static str {
    name(&WEEKDAYS, date.get_day())
}

fn month(date: &Date) -> &'static str {
    name(&MONTHS, date.get_month())
}

fn name(names: &'static [&'static str], index: u32) -> &'static str {
    usize::try_from(index).ok().and_then(|index| names.get(index)).copied().unwrap_or_default()
}
