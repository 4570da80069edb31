//! A bar for each day.

use holdfast_domain::statistics::{Day, Use};
use leptos::prelude::*;

use super::Measure;
use super::words::measured;
use crate::time::{long_date, short_date};

/// Height of the longest bar, in units of the drawing; a day is [`STEP`] wide.
const HEIGHT: u64 = 100;
const STEP: usize = 10;
const BAR: usize = 8;

/// The drawing. The table below it says the same.
#[component]
pub(super) fn Chart(days: StoredValue<Vec<Day>>, measure: RwSignal<Measure>) -> impl IntoView {
    let amount = move |of: Use| match measure.get() {
        Measure::Time => of.active_ms,
        Measure::Edits => of.edits,
    };
    let most = Memo::new(move |_| {
        days.with_value(|days| days.iter().map(|day| amount(day.total)).max()).unwrap_or(0)
    });
    let bars = move || {
        let most = most.get();
        days.with_value(|days| {
            days.iter()
                .enumerate()
                .map(|(at, day)| {
                    let height = height(amount(day.total), most);
                    let said = measured(day.total, measure.get());
                    view! {
                        <rect
                            class="chart-bar"
                            x=at * STEP
                            y=HEIGHT - height
                            width=BAR
                            height=height
                        >
                            <title>{format!("{}: {said}", long_date(&day.date))}</title>
                        </rect>
                    }
                })
                .collect_view()
        })
    };
    let width = days.with_value(Vec::len) * STEP;
    let ends = days.with_value(|days| {
        let date = |day: Option<&Day>| day.map(|day| short_date(&day.date)).unwrap_or_default();
        (date(days.first()), date(days.last()))
    });
    let caption = move || {
        let most = most.get();
        days.with_value(|days| {
            let day = days.iter().find(|day| most > 0 && amount(day.total) == most)?;
            let said = measured(day.total, measure.get());
            Some(format!("Most on {}: {said}", long_date(&day.date)))
        })
    };
    view! {
        <figure class="chart" data-testid="chart">
            <svg
                class="chart-bars"
                viewBox=format!("0 0 {} {HEIGHT}", width - (STEP - BAR))
                preserveAspectRatio="none"
                role="img"
                aria-label=move || match measure.get() {
                    Measure::Time => "Time by day",
                    Measure::Edits => "Edits by day",
                }
            >
                {bars}
            </svg>
            <p class="chart-ends muted" aria-hidden="true">
                <span>{ends.0}</span>
                <span>{ends.1}</span>
            </p>
            <figcaption>{caption}</figcaption>
        </figure>
    }
}

/// Of the longest one. A little that was done is seen too.
fn height(amount: u64, most: u64) -> u64 {
    if amount == 0 { 0 } else { (amount.saturating_mul(HEIGHT) / most.max(1)).max(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sess_6_bars_are_as_long_as_what_they_stand_for() {
        assert_eq!([0, 1, 500, 1_000].map(|amount| height(amount, 1_000)), [0, 1, 50, 100]);
        assert_eq!(height(0, 0), 0);
    }
}
