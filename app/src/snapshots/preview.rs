//! Before a restore: what it would change.

use holdfast_domain::Error;
use holdfast_domain::snapshot::SnapshotSummary;
use holdfast_session::{SessionOptions, use_session};
use leptos::either::EitherOf4;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::differences::DifferenceList;
use super::readable::{Row, summary};
use super::restoring::Restoring;
use super::words::{origin, sorry, title};
use crate::dialog::Dialog;
use crate::failed::Failed;
use crate::icon::{Icon, IconName};
use crate::skeletons::Skeletons;
use crate::time::{clock, datetime, day_name, now_ms};

/// What is known of the differences.
#[derive(Clone)]
enum Found {
    Asking,
    Rows(Vec<Row>),
    Failed(Error),
}

/// The dialog in which a person decides about a restore.
#[component]
pub(super) fn PreviewDialog() -> impl IntoView {
    let restoring = Restoring::of_page();
    view! {
        <Dialog open=restoring.open class="dialog dialog-wide" id="preview" labelledby="preview-title">
            {move || restoring.snapshot.get().map(|snapshot| view! { <Preview snapshot=snapshot /> })}
        </Dialog>
    }
}

#[component]
fn Preview(snapshot: SnapshotSummary) -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let restoring = Restoring::of_page();
    let found = RwSignal::new(Found::Asking);
    let id = snapshot.id;
    let ask = move || {
        found.set(Found::Asking);
        spawn_local(async move {
            let answer = match session.preview_snapshot(id).await {
                Ok(preview) => Found::Rows(restoring.read(&preview.differences)),
                Err(error) => Found::Failed(error),
            };
            // The dialog may be closed by now.
            found.try_set(answer);
        });
    };
    ask();

    let at_ms = snapshot.created_at_ms;
    let when = format!("{}, {}", day_name(at_ms, now_ms()), clock(at_ms));
    let close = move |_| restoring.open.set(false);
    // There is something to restore, or it is not known yet.
    let useful = Memo::new(move |_| match &*found.read() {
        Found::Asking => true,
        Found::Rows(rows) => !rows.is_empty(),
        Found::Failed(_) => false,
    });
    let ready = Memo::new(move |_| {
        !restoring.busy.get() && matches!(&*found.read(), Found::Rows(rows) if !rows.is_empty())
    });
    view! {
        <div class="dialog-head">
            <div>
                <h2 class="dialog-title" id="preview-title">
                    {format!("Restore “{}”?", title(&snapshot))}
                </h2>
                <p>
                    <time datetime=datetime(at_ms)>{when}</time>
                    {format!(" · {}", origin(&snapshot))}
                </p>
            </div>
            <button type="button" class="icon-button" aria-label="Close" on:click=close>
                <Icon name=IconName::Close />
            </button>
        </div>
        <div class="dialog-body" tabindex="0">
            {move || body(found.get(), Callback::new(move |()| ask()))}
        </div>
        <div class="dialog-foot">
            <p class="dialog-note">
                <Show when=move || useful.get()>
                    "This covers the text and the fields. What is there now is kept as a snapshot first."
                </Show>
            </p>
            <button type="button" class="button" autofocus on:click=close>
                {move || if useful.get() { "Cancel" } else { "Close" }}
            </button>
            <Show when=move || useful.get()>
                <button
                    type="button"
                    class="button button-primary"
                    disabled=move || !ready.get()
                    on:click=move |_| restoring.restore()
                >
                    <Icon name=IconName::Restore />
                    {move || if restoring.busy.get() { "Restoring…" } else { "Restore" }}
                </button>
            </Show>
        </div>
    }
}

fn body(found: Found, again: Callback<()>) -> impl IntoView {
    match found {
        Found::Asking => EitherOf4::A(view! { <Skeletons /> }),
        Found::Rows(rows) if rows.is_empty() => EitherOf4::B(view! {
            <p class="muted">"Nothing would change: the session is as it was then."</p>
        }),
        Found::Rows(rows) => {
            let counts = summary(&rows);
            let counts = counts.into_iter().map(|count| view! { <span>{count}</span> });
            EitherOf4::C(view! {
                <p class="preview-summary">{counts.collect_view()}</p>
                <DifferenceList rows=rows />
            })
        }
        Found::Failed(error) => {
            let why = sorry("Nothing was restored.", &error);
            EitherOf4::D(view! {
                <Failed what="The differences could not be read" why=why again=again />
            })
        }
    }
}
