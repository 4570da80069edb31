//! Long work of a session: asking for it, seeing how far it is, and what came of it (JOB).

mod copied;
mod finished;
mod functions;
mod live;
mod place_field;
mod report;
mod scan_form;
mod scanned;
mod transfer_form;
mod words;

pub(crate) use functions::*;

use holdfast_domain::job::JobStep;
use holdfast_domain::{Error, id::JobId};
use holdfast_session::{SessionOptions, UseSession, use_active_jobs, use_session};
use leptos::prelude::*;

use self::finished::Finished;
use self::live::LiveJob;
use self::scan_form::ScanForm;
use self::transfer_form::TransferForm;
use crate::failed::{Failed, reason};
use crate::icon::{Icon, IconName};
use crate::skeletons::Skeletons;
use crate::toasts::Toasts;

/// What can be asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Scan,
    Transfer,
}

const FORMS: [(Form, IconName, &str); 2] =
    [(Form::Scan, IconName::Search, "Scan"), (Form::Transfer, IconName::Copy, "Copy files")];

/// The part of a session that shows its jobs.
#[component]
pub(crate) fn Jobs() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let active = use_active_jobs();
    let asking = RwSignal::new(None::<Form>);
    // What happened while another part was looked at is known already; a broken stream is not.
    Effect::new(move |_| {
        if session.jobs_read.get_untracked().is_some() {
            session.refresh_jobs();
        }
    });
    let close = Callback::new(move |()| asking.set(None));
    let read_only = move || session.state.get().is_read_only();
    let again = Callback::new(move |()| session.refresh_jobs());
    let state = move || {
        match session.jobs_read.get() {
        None => view! { <Skeletons /> }.into_any(),
        Some(Ok(())) if session.jobs.read().is_empty() => view! {
            <div class="empty">
                <p>
                    "No jobs yet. A scan says what is in a location, and files are copied from one to another; both go on when you leave the page."
                </p>
            </div>
        }
        .into_any(),
        Some(Ok(())) => ().into_any(),
        Some(Err(error)) => {
            let why = reason(&error);
            view! { <Failed what="The jobs could not be read" why=why again=again /> }.into_any()
        }
    }
    };
    view! {
        <div class="jobs">
            <div class="jobs-start">
                <h2 class="visually-hidden">"Jobs"</h2>
                {FORMS
                    .map(|(form, icon, words)| {
                        let is_open = move || asking.get() == Some(form);
                        view! {
                            <button
                                type="button"
                                class="button needs-app"
                                aria-expanded=move || is_open().to_string()
                                disabled=read_only
                                on:click=move |_| asking.set((!is_open()).then_some(form))
                            >
                                <Icon name=icon />
                                {words}
                            </button>
                        }
                    })
                    .collect_view()}
            </div>
            {move || match asking.get() {
                Some(Form::Scan) => view! { <ScanForm done=close /> }.into_any(),
                Some(Form::Transfer) => view! { <TransferForm done=close /> }.into_any(),
                None => ().into_any(),
            }}
            {state}
            <ul class="job-list" aria-label="Live jobs">
                <For each=move || active.jobs.get() key=|job| job.id let:job>
                    <LiveJob id=job.id />
                </For>
            </ul>
            <Finished />
        </div>
    }
}

/// Takes a job a step on; what goes wrong is said.
fn use_steps() -> impl Fn(JobId, JobStep) + Copy {
    let (session, toasts) = (use_session(SessionOptions::default()), Toasts::of_page());
    move |id, step| {
        leptos::task::spawn_local(async move {
            said(toasts, session, session.step_job(id, step).await);
        });
    }
}

/// Says why something could not be done; the list may be older than what is.
fn said<T>(toasts: Toasts, session: UseSession, answer: Result<T, Error>) {
    if let Err(error) = answer {
        toasts.fail(error.to_string());
        session.refresh_jobs();
    }
}
