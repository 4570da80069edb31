//! What this device keeps of the open session, counted.

use holdfast_domain::sync::StorageTier;
use holdfast_domain::{Error, Result};
use holdfast_session::developer::{Kept, Waiting, inspect_journal};
use leptos::prelude::*;

use super::DeveloperControls;
use crate::size::size;
use crate::skeletons::Skeletons;
use crate::time::{clock, datetime};

/// Changes that are listed one by one.
const LISTED: usize = 50;

/// Read when it is opened, and when that is asked for.
#[component]
pub(super) fn JournalView(controls: DeveloperControls) -> impl IntoView {
    let read = LocalResource::new(move || inspect_journal(controls.session));
    view! {
        <section class="account-part" aria-labelledby="developer-journal">
            <h3 id="developer-journal">"What this device keeps of this session"</h3>
            <Transition fallback=Skeletons>{move || read.get().map(places)}</Transition>
            <button type="button" class="button" on:click=move |_| read.refetch()>
                "Look again"
            </button>
        </section>
    }
}

fn places(read: Result<Vec<Kept>>) -> AnyView {
    match read {
        Ok(all) => {
            all.into_iter().map(|kept| view! { <Place kept=kept /> }).collect_view().into_any()
        }
        Err(Error::Unavailable) => view! { <p>"No session is open."</p> }.into_any(),
        Err(error) => view! { <p>{error.to_string()}</p> }.into_any(),
    }
}

#[component]
fn Place(kept: Kept) -> impl IntoView {
    let name = match kept.tier {
        StorageTier::IndexedDb => "IndexedDB",
        StorageTier::LocalStorage => "localStorage",
        StorageTier::Memory => "Memory",
    };
    let said = if kept.answered {
        format!(
            "{}, {}, {} waiting",
            parts("base", kept.bases),
            parts("saved update", kept.saved),
            kept.waiting.len()
        )
    } else {
        "no answer".to_owned()
    };
    let more = kept.waiting.len().saturating_sub(LISTED);
    let waiting = kept.waiting;
    view! {
        <p data-testid="kept" data-tier=name>
            <strong>{name}</strong>
            ": "
            {said}
        </p>
        {(!waiting.is_empty())
            .then(|| {
                view! {
                    <table class="figures">
                        <thead>
                            <tr>
                                <th scope="col">"Tab"</th>
                                <th scope="col">"Number"</th>
                                <th scope="col">"Made"</th>
                                <th scope="col">"Bytes"</th>
                            </tr>
                        </thead>
                        <tbody>
                            {waiting.iter().take(LISTED).map(row).collect_view()}
                        </tbody>
                    </table>
                    {(more > 0).then(|| view! { <p class="muted">{format!("and {more} more")}</p> })}
                }
            })}
    }
}

fn row(of: &Waiting) -> impl IntoView + use<> {
    // The end of a UUID is its random part.
    let tab = of.tab.to_string();
    let tab = tab.get(tab.len().saturating_sub(6)..).unwrap_or_default().to_owned();
    let bytes = if of.is_snapshot { "snapshot".to_owned() } else { of.bytes.to_string() };
    view! {
        <tr>
            <th scope="row">{tab}</th>
            <td>{of.number}</td>
            <td>
                <time datetime=datetime(of.at_ms)>{clock(of.at_ms)}</time>
            </td>
            <td>{bytes}</td>
        </tr>
    }
}

/// `2 bases of 4.1 KB`.
fn parts(name: &str, (number, bytes): (usize, usize)) -> String {
    let plural = if number == 1 { "" } else { "s" };
    let size = i64::try_from(bytes).ok().and_then(size);
    let of = size.map(|size| format!(" of {size}")).unwrap_or_default();
    format!("{number} {name}{plural}{of}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ux_5_what_is_kept_is_counted_in_words() {
        assert_eq!(parts("base", (0, 0)), "0 bases");
        assert_eq!(parts("base", (1, 812)), "1 base of 812 bytes");
        assert_eq!(parts("saved update", (20, 4_123)), "20 saved updates of 4.1 KB");
    }
}
