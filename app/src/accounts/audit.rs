//! What happened to the account and its sessions (SEC-7).

use holdfast_domain::audit::{AuditEntry, AuditKind, ToldKind};
use holdfast_domain::session::SessionSummary;
use holdfast_session::{SessionOptions, use_session};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::agent::device_name;
use super::functions::list_audit;
use super::screen::Screen;
use crate::time::{clock, datetime, day, day_name, now_ms, use_now};
use crate::toasts::Toasts;

/// Entries in one answer.
const PAGE: usize = 100;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The kinds, with what the person reads.
const KINDS: &[(AuditKind, &str, &str)] = &[
    (AuditKind::Registered, "registered", "Account created"),
    (AuditKind::SignedIn, "signed_in", "Signed in"),
    (AuditKind::SignInFailed, "sign_in_failed", "Wrong password"),
    (AuditKind::SignedOut, "signed_out", "Signed out"),
    (AuditKind::SignInEnded, "sign_in_ended", "Browser signed out from here"),
    (AuditKind::TokenReused, "token_reused", "Signed out: a used token came back"),
    (AuditKind::WorkBrought, "work_brought", "A guest's work brought along"),
    (AuditKind::PasswordChanged, "password_changed", "Password changed"),
    (AuditKind::ResetAsked, "reset_asked", "Link for a new password made"),
    (AuditKind::PasswordReset, "password_reset", "Password set by a link"),
    (AuditKind::AccountDeleting, "account_deleting", "Deletion of the account asked for"),
    (AuditKind::AccountKept, "account_kept", "Account kept"),
    (AuditKind::AccountDeleted, "account_deleted", "Account deleted"),
    (AuditKind::AccountDisabled, "account_disabled", "Account disabled by the operator"),
    (AuditKind::AccountEnabled, "account_enabled", "Account enabled by the operator"),
    (AuditKind::SessionCreated, "session_created", "Session created"),
    (AuditKind::SnapshotTaken, "snapshot_taken", "Snapshot taken"),
    (AuditKind::SnapshotAutomatic, "snapshot_automatic", "Snapshot taken by itself"),
    (AuditKind::SnapshotsExpired, "snapshots_expired", "Expired snapshots removed"),
    (AuditKind::SnapshotDeleted, "snapshot_deleted", "Snapshot deleted"),
    (AuditKind::SnapshotRestored, "snapshot_restored", "Snapshot restored"),
    (AuditKind::RestoreUndone, "restore_undone", "Restore undone"),
    (AuditKind::ValueShared, "value_shared", "Value shared into all sessions"),
    (AuditKind::SessionCompleted, "session_completed", "Session completed"),
    (AuditKind::SessionReopened, "session_reopened", "Session reopened"),
    (AuditKind::SessionArchived, "session_archived", "Session archived"),
    (AuditKind::SessionUnarchived, "session_unarchived", "Session taken out of the archive"),
    (AuditKind::SessionDeleted, "session_deleted", "Session deleted"),
    (AuditKind::SessionUndeleted, "session_undeleted", "Session brought back"),
    (AuditKind::SessionDuplicated, "session_duplicated", "Session made as a copy"),
    (AuditKind::SessionExported, "session_exported", "Session exported"),
    (AuditKind::SessionImported, "session_imported", "Session imported"),
    (AuditKind::JobStarted, "job_started", "Job started"),
    (AuditKind::JobCancelled, "job_cancelled", "Job cancelled"),
];

/// What the person reads; of a newer server's kind its word, so that nothing that happened is hidden.
fn name(kind: &ToldKind) -> String {
    match kind {
        ToldKind::Known(kind) => {
            let named = KINDS.iter().find(|(of, ..)| of == kind);
            named.map_or_else(String::new, |(.., name)| (*name).to_owned())
        }
        ToldKind::Unknown(word) => format!("Something this page does not know yet: {word}"),
    }
}

/// What is asked for.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Wanted {
    kind: Option<AuditKind>,
    session: Option<holdfast_domain::id::SessionId>,
    days: Option<i64>,
}

/// The page.
#[component]
pub(super) fn AuditPage() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let toasts = Toasts::of_page();
    let wanted = RwSignal::new(Wanted::default());
    let entries = RwSignal::new(Vec::<AuditEntry>::new());
    let (loaded, more) = (RwSignal::new(false), RwSignal::new(false));
    let load = move |wanted_now: Wanted, before: Option<i64>| {
        let from_ms = wanted_now.days.map(|days| now_ms() - days * DAY_MS);
        spawn_local(async move {
            let page = list_audit(wanted_now.kind, wanted_now.session, from_ms, before).await;
            // Something else was asked for meanwhile, or the page is gone.
            if wanted.try_get_untracked() != Some(wanted_now) {
                return;
            }
            match page {
                Ok(page) => {
                    more.set(page.len() == PAGE);
                    entries.update(|entries| {
                        if before.is_none() {
                            entries.clear();
                        }
                        entries.extend(page);
                    });
                }
                Err(fault) => {
                    let error = holdfast_domain::Error::from(fault);
                    toasts.fail(format!("The log cannot be read right now. {error}"));
                }
            }
            loaded.set(true);
        });
    };
    Effect::new(move |_| load(wanted.get(), None));
    let older = move |_| {
        let last = entries.with_untracked(|entries| entries.last().map(|entry| entry.seq));
        load(wanted.get_untracked(), last);
    };
    let choose_kind = move |word: String| {
        let kind = KINDS.iter().find(|(_, of, _)| *of == word).map(|(kind, ..)| *kind);
        wanted.update(|wanted| wanted.kind = kind);
    };
    let choose_session = move |id: String| wanted.update(|wanted| wanted.session = id.parse().ok());
    let choose_days = move |days: String| wanted.update(|wanted| wanted.days = days.parse().ok());
    view! {
        <p class="account-back">
            <a href=Screen::Account.address()>"Account"</a>
        </p>
        <h1>"What happened"</h1>
        <form class="audit-filter" on:submit=|event| event.prevent_default()>
            <label for="audit-kind">"What"</label>
            <select
                class="input select"
                id="audit-kind"
                on:change:target=move |event| choose_kind(event.target().value())
            >
                <option value="">"Everything"</option>
                {KINDS
                    .iter()
                    .map(|(_, word, name)| view! { <option value=*word>{*name}</option> })
                    .collect_view()}
            </select>
            <label for="audit-session">"Session"</label>
            <select
                class="input select"
                id="audit-session"
                on:change:target=move |event| choose_session(event.target().value())
            >
                <option value="">"All"</option>
                <For each=move || session.sessions.get() key=|one| one.id let:one>
                    <option value=one.id.to_string()>{one.name}</option>
                </For>
            </select>
            <label for="audit-days">"Time"</label>
            <select
                class="input select"
                id="audit-days"
                on:change:target=move |event| choose_days(event.target().value())
            >
                <option value="">"All of it"</option>
                <option value="1">"Last 24 hours"</option>
                <option value="7">"Last 7 days"</option>
                <option value="30">"Last 30 days"</option>
            </select>
        </form>
        <ol class="audit" aria-live="polite">
            <For each=move || entries.get() key=|entry| entry.seq let:entry>
                <Entry entry=entry />
            </For>
        </ol>
        <Show when=move || loaded.get() && entries.read().is_empty()>
            <p class="muted">"Nothing of that kind has happened."</p>
        </Show>
        <Show when=move || more.get()>
            <button type="button" class="button" on:click=older>
                "Show older ones"
            </button>
        </Show>
    }
}

#[component]
fn Entry(entry: AuditEntry) -> impl IntoView {
    let now = use_now();
    let AuditEntry { at_ms, kind, session, detail, .. } = entry;
    let name = name(&kind);
    let kind = kind.known();
    let sessions = use_session(SessionOptions::default()).sessions;
    let when = move || {
        let now = now.get();
        let this_year = day(at_ms).year == day(now).year;
        let year = if this_year { String::new() } else { format!(" {}", day(at_ms).year) };
        format!("{}{year}, {}", day_name(at_ms, now), clock(at_ms))
    };
    let named = move || {
        let name = |all: &Vec<SessionSummary>| {
            all.iter().find(|one| Some(one.id) == session).map(|one| one.name.clone())
        };
        sessions.with(name).unwrap_or_default()
    };
    let more = move || match kind {
        Some(AuditKind::Registered | AuditKind::SignedIn | AuditKind::PasswordReset)
            if !detail.is_empty() =>
        {
            device_name(&detail)
        }
        Some(AuditKind::WorkBrought) if detail == "1" => "1 session".to_owned(),
        Some(AuditKind::WorkBrought) => format!("{detail} sessions"),
        Some(AuditKind::SnapshotsExpired) => format!("{detail} of {}", named()),
        _ => named(),
    };
    view! {
        <li class="audit-entry" data-kind=move || (kind == Some(AuditKind::SignInFailed)).then_some("warning")>
            <span class="audit-what">{name}</span>
            <span class="audit-more">{more}</span>
            <time class="muted" datetime=datetime(at_ms)>
                {when}
            </time>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_7_what_a_newer_server_tells_is_shown_by_its_word() {
        let newer = ToldKind::Unknown("moved_to_the_moon".into());
        assert_eq!(name(&newer), "Something this page does not know yet: moved_to_the_moon");
        assert_eq!(name(&ToldKind::Known(AuditKind::SignedIn)), "Signed in");
    }
}
