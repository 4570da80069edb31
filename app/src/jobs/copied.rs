//! What a transfer copied, and what its rollback took back.

use holdfast_domain::id::JobId;
use holdfast_domain::job::{Amount, CopyEntry, RollbackResult, TransferResult};
use holdfast_session::{SessionOptions, roll_back, use_session};
use leptos::prelude::*;

use super::said;
use super::words::{bytes, number};
use crate::icon::{Icon, IconName};
use crate::toasts::Toasts;

/// The report of a transfer, with the way back.
#[component]
pub(super) fn Transferred(id: JobId, result: TransferResult) -> impl IntoView {
    let (session, toasts) = (use_session(SessionOptions::default()), Toasts::of_page());
    let waits = RwSignal::new(false);
    let back = move |_| {
        waits.set(true);
        leptos::task::spawn_local(async move {
            said(toasts, session, roll_back(session, id).await);
            waits.set(false);
        });
    };
    let can_go_back = !result.dry_run && result.copied.files > 0;
    let rows = [
        (if result.dry_run { "To copy" } else { "Copied" }, result.copied),
        (if result.dry_run { "To replace" } else { "Replaced" }, result.overwritten),
        ("There already", result.same),
        ("Left as they are", result.skipped),
        ("Failed", result.failed),
    ];
    let read_only = move || session.state.get().is_read_only();
    view! {
        <div class="report">
            <Amounts rows=rows.to_vec() />
            <Failures files=result.failures />
        </div>
        <Show when=move || can_go_back>
            <p class="report-files">
                <button
                    type="button"
                    class="button button-small"
                    disabled=move || waits.get() || read_only()
                    on:click=back
                >
                    <Icon name=IconName::Undo />
                    "Roll back"
                </button>
                <span class="muted">
                    "Removes the copies that nobody has changed since. What was replaced does not come back."
                </span>
            </p>
        </Show>
    }
}

/// The report of a rollback.
#[component]
pub(super) fn RolledBack(result: RollbackResult) -> impl IntoView {
    let rows = [
        ("Removed", result.removed),
        ("Changed since, left", result.changed),
        ("Gone already", result.gone),
        ("Failed", result.failed),
    ];
    view! {
        <div class="report">
            <Amounts rows=rows.to_vec() />
            <Failures files=result.failures />
        </div>
    }
}

#[component]
fn Amounts(rows: Vec<(&'static str, Amount)>) -> impl IntoView {
    let some =
        rows.into_iter().enumerate().filter(|(at, (_, amount))| *at == 0 || amount.files > 0);
    let rows = some.map(|(_, (what, amount))| {
        view! {
            <tr>
                <th scope="row">{what}</th>
                <td>{number(amount.files)}</td>
                <td>{bytes(amount.bytes)}</td>
            </tr>
        }
    });
    view! {
        <table class="figures">
            <caption class="label">"Files"</caption>
            <thead>
                <tr>
                    <th scope="col">"What became of them"</th>
                    <th scope="col">"Files"</th>
                    <th scope="col">"Size"</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
}

#[component]
fn Failures(files: Vec<CopyEntry>) -> impl IntoView {
    (!files.is_empty()).then(|| {
        let rows = files.into_iter().map(|file| {
            view! {
                <tr>
                    <th scope="row">{file.path}</th>
                    <td>{file.code.as_deref().map_or("", why)}</td>
                </tr>
            }
        });
        view! {
            <table class="figures">
                <caption class="label">"Failed"</caption>
                <thead>
                    <tr>
                        <th scope="col">"File"</th>
                        <th scope="col">"Why"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        }
    })
}

/// In words for a person.
fn why(code: &str) -> &'static str {
    match code {
        "vanished" => "It was gone when it was to be copied.",
        "permission_denied" => "The server may not.",
        "unreadable" => "It could not be read.",
        "not_a_folder" => "A file is where its folder is to be.",
        "folder_in_the_way" => "A folder has its name.",
        "name_not_possible" => "No such name is possible there.",
        "other_device" => "Its folder is on another disk.",
        "changed_while_copied" => "It changed while it was copied.",
        "not_as_written" => "What was read back is not what was written.",
        _ => "Something went wrong.",
    }
}
