//! The same as tables: what a screen reader reads, and what can be compared.

use holdfast_domain::statistics::{Day, SessionUse};
use leptos::prelude::*;

use super::words::{bytes, duration};
use crate::sessions::state_name;
use crate::time::long_date;

/// The days on which something was done, the last one first.
#[component]
pub(super) fn DayTable(days: StoredValue<Vec<Day>>) -> impl IntoView {
    let rows = days.with_value(|days| {
        let used = days.iter().rev().filter(|day| !day.sessions.is_empty());
        used.map(|day| {
            view! {
                <tr>
                    <th scope="row">
                        <time datetime=day.date.clone()>{long_date(&day.date)}</time>
                    </th>
                    <td>{duration(day.total.active_ms)}</td>
                    <td>{day.total.edits}</td>
                </tr>
            }
        })
        .collect_view()
    });
    view! {
        <details class="figures-days">
            <summary>"Day by day"</summary>
            <table class="figures">
                <thead>
                    <tr>
                        <th scope="col">"Day"</th>
                        <th scope="col">"Time"</th>
                        <th scope="col">"Edits"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </details>
    }
}

/// The sessions that were used, the longest used one first.
#[component]
pub(super) fn SessionTable(sessions: Vec<SessionUse>) -> impl IntoView {
    let rows = sessions
        .into_iter()
        .map(|of| {
            view! {
                <tr>
                    <th scope="row">
                        <a href=format!("/s/{}", of.session)>{of.name}</a>
                        <span class="muted">{state_name(of.state)}</span>
                    </th>
                    <td>{duration(of.total.active_ms)}</td>
                    <td>{of.total.edits}</td>
                    <td>{bytes(of.bytes)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="account-part" aria-labelledby="figures-sessions">
            <h2 id="figures-sessions">"Session by session"</h2>
            <table class="figures">
                <thead>
                    <tr>
                        <th scope="col">"Session"</th>
                        <th scope="col">"Time"</th>
                        <th scope="col">"Edits"</th>
                        <th scope="col">"Takes"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
}
