//! What the person did, in figures: time and edits by day and session, sessions by state, what they take (SESS-6).

mod chart;
mod functions;
mod tables;
mod words;

use holdfast_domain::statistics::{Statistics, StatisticsQuery};
use leptos::prelude::*;

use self::chart::Chart;
use self::functions::read_statistics;
use self::tables::{DayTable, SessionTable};
use self::words::states;
use crate::accounts::Screen;
use crate::icon::{Icon, IconName};
use crate::skeletons::Skeletons;
use crate::time::time_zone;

/// What bars and columns show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measure {
    Time,
    Edits,
}

/// Days that can be asked for, with what the person reads.
const PERIODS: [(u16, &str); 4] =
    [(7, "Last 7 days"), (30, "Last 30 days"), (90, "Last 90 days"), (365, "Last year")];

/// The page.
#[component]
pub(crate) fn StatisticsPage() -> impl IntoView {
    let (days, measure) = (RwSignal::new(30_u16), RwSignal::new(Measure::Time));
    let answer = LocalResource::new(move || {
        let query = StatisticsQuery { days: days.get(), last: None, time_zone: time_zone() };
        read_statistics(query)
    });
    let choose_days = move |chosen: String| {
        if let Ok(chosen) = chosen.parse() {
            days.set(chosen);
        }
    };
    let choose_measure = move |chosen: String| {
        measure.set(if chosen == "edits" { Measure::Edits } else { Measure::Time });
    };
    let table =
        move || format!("/api/me/statistics.csv?days={}&time_zone={}", days.get(), time_zone());
    view! {
        <p class="account-back">
            <a href=Screen::Account.address()>"Account"</a>
        </p>
        <h1>"Statistics"</h1>
        <p class="muted">"What you did, counted for you only."</p>
        <form class="audit-filter" on:submit=|event| event.prevent_default()>
            <label for="statistics-days">"Days"</label>
            <select
                class="input select"
                id="statistics-days"
                on:change:target=move |event| choose_days(event.target().value())
            >
                {PERIODS
                    .into_iter()
                    .map(|(of, name)| {
                        view! {
                            <option value=of.to_string() selected=of == days.get_untracked()>
                                {name}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
            <label for="statistics-measure">"Show"</label>
            <select
                class="input select"
                id="statistics-measure"
                on:change:target=move |event| choose_measure(event.target().value())
            >
                <option value="time">"Time"</option>
                <option value="edits">"Edits"</option>
            </select>
        </form>
        // What was there stays until the next answer is: nothing jumps.
        <Transition fallback=Skeletons>
            {move || {
                answer
                    .get()
                    .map(|answer| match answer {
                        Ok(statistics) => {
                            view! { <Figures statistics=statistics measure=measure /> }.into_any()
                        }
                        Err(fault) => {
                            let error = holdfast_domain::Error::from(fault);
                            view! {
                                <p class="muted">
                                    {format!("They cannot be read right now. {error}")}
                                </p>
                            }
                                .into_any()
                        }
                    })
            }}
        </Transition>
        <p>
            <a class="button" href=table download="holdfast-statistics.csv">
                <Icon name=IconName::Download />
                "Save as a table (CSV)"
            </a>
        </p>
    }
}

#[component]
fn Figures(statistics: Statistics, measure: RwSignal<Measure>) -> impl IntoView {
    let Statistics { days, sessions, states: counts, bytes } = statistics;
    let days = StoredValue::new(days);
    let used = !sessions.is_empty();
    view! {
        <Show
            when=move || used
            fallback=|| {
                view! {
                    <p class="muted">
                        "Nothing on these days yet. What you do in your sessions is counted from now on."
                    </p>
                }
            }
        >
            <Chart days=days measure=measure />
            <DayTable days=days />
        </Show>
        {used.then(|| view! { <SessionTable sessions=sessions /> })}
        <section class="account-part">
            <h2>"All sessions"</h2>
            <p>{states(&counts, bytes)}</p>
        </section>
    }
}
