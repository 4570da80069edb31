//! Jobs that have come to their end.

use holdfast_domain::job::{JobState, JobStep, JobSummary};
use holdfast_session::{SessionOptions, use_session};
use leptos::prelude::*;

use super::report::Report;
use super::words::{outcome, state, title, took};
use super::{said, use_steps};
use crate::icon::{Icon, IconName};
use crate::toasts::Toasts;

/// The list of them.
#[component]
pub(super) fn Finished() -> impl IntoView {
    let session = use_session(SessionOptions::default());
    let over = Memo::new(move |_| {
        let all = session.jobs.read();
        all.iter().filter(|job| !job.state.is_live()).cloned().collect::<Vec<_>>()
    });
    view! {
        <Show when=move || !over.read().is_empty()>
            <section aria-labelledby="jobs-finished">
                <h3 class="label" id="jobs-finished">
                    "Finished"
                </h3>
                <ul class="job-list finished">
                    // One that is tried again and fails again is another line.
                    <For
                        each=move || over.get()
                        key=|job| (job.id, job.ended_at_ms, job.result.is_some())
                        let:job
                    >
                        <OneFinished job=job />
                    </For>
                </ul>
            </section>
        </Show>
    }
}

#[component]
fn OneFinished(job: JobSummary) -> impl IntoView {
    let (session, toasts) = (use_session(SessionOptions::default()), Toasts::of_page());
    let step = use_steps();
    let (id, name) = (job.id, title(&job.params));
    let open = RwSignal::new(false);
    let has_report = job.result.is_some();
    let can_retry = job.state != JobState::Completed;
    let remove = move |_| {
        leptos::task::spawn_local(async move {
            said(toasts, session, session.remove_job(id).await);
        });
    };
    let (report_name, retry_name) = (format!("Report of {name}"), format!("Retry {name}"));
    let remove_name = format!("Remove {name}");
    view! {
        <li class="job-row" data-state=state(&job)>
            <div class="job-line">
                <span class="job-title">{name}</span>
                <span class="job-state">{state(&job)}</span>
                <span class="job-outcome">{came_of_it(&job)}</span>
                <span class="muted">{took(&job)}</span>
                <div class="job-actions">
                    <Show when=move || has_report>
                        <button
                            type="button"
                            class="button button-small"
                            aria-label=report_name.clone()
                            aria-expanded=move || open.get().to_string()
                            on:click=move |_| open.update(|open| *open = !*open)
                        >
                            "Report"
                        </button>
                    </Show>
                    <Show when=move || can_retry>
                        <button
                            type="button"
                            class="button button-small"
                            aria-label=retry_name.clone()
                            on:click=move |_| step(id, JobStep::Retry)
                        >
                            <Icon name=IconName::Restore />
                            "Retry"
                        </button>
                    </Show>
                    <button type="button" class="icon-button" aria-label=remove_name on:click=remove>
                        <Icon name=IconName::Trash />
                    </button>
                </div>
            </div>
            <Show when=move || open.get()>
                <Report id=id />
            </Show>
        </li>
    }
}

/// What came of it, or why nothing did.
fn came_of_it(job: &JobSummary) -> String {
    let result = job.result.as_ref().map(outcome);
    result.or_else(|| Some(job.fault.as_ref()?.message.clone())).unwrap_or_default()
}
