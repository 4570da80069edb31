//! A job of which something may still come.

use holdfast_domain::id::JobId;
use holdfast_domain::job::{JobState, JobStep, JobSummary};
use holdfast_session::use_job;
use leptos::prelude::*;

use super::use_steps;
use super::words::{progress, state, title};
use crate::icon::{Icon, IconName};

/// One of them, with its bar.
#[component]
pub(super) fn LiveJob(id: JobId) -> impl IntoView {
    let (job, step) = (use_job(id), use_steps());
    // It stays for a moment when it has come to its end.
    let of = move |read: fn(&JobSummary) -> String| {
        move || job.with(|job| job.as_ref().map(read).unwrap_or_default())
    };
    let name = Memo::new(move |_| of(|job| title(&job.params))());
    let percent = Memo::new(move |_| job.with(|job| job.as_ref()?.progress.percent()));
    let is = move |wanted: JobState| {
        move || job.with(|job| job.as_ref().is_some_and(|job| job.state == wanted))
    };
    let stops = move || job.with(|job| job.as_ref().is_some_and(|job| job.wanted.is_some()));
    let words = move || {
        job.with(|job| {
            let Some(job) = job else { return Vec::new() };
            let mut words = vec![state(job).to_owned()];
            if job.state == JobState::Running && job.wanted.is_none() {
                words = progress(&job.progress);
            }
            words.extend(job.fault.as_ref().map(|fault| fault.message.clone()));
            words
        })
    };
    view! {
        <li class="job card" data-state=of(|job| state(job).to_owned())>
            <div class="job-head">
                <h3 class="job-title">{name}</h3>
                <span class="muted">"goes on when you leave"</span>
                <div class="job-actions">
                    <Show
                        when=is(JobState::Paused)
                        fallback=move || {
                            view! {
                                <button
                                    type="button"
                                    class="button button-small"
                                    aria-label=move || format!("Pause {}", name.get())
                                    disabled=stops
                                    on:click=move |_| step(id, JobStep::Pause)
                                >
                                    <Icon name=IconName::Pause />
                                    "Pause"
                                </button>
                            }
                        }
                    >
                        <button
                            type="button"
                            class="button button-small"
                            aria-label=move || format!("Resume {}", name.get())
                            on:click=move |_| step(id, JobStep::Resume)
                        >
                            <Icon name=IconName::Play />
                            "Resume"
                        </button>
                    </Show>
                    <button
                        type="button"
                        class="button button-small"
                        aria-label=move || format!("Cancel {}", name.get())
                        on:click=move |_| step(id, JobStep::Cancel)
                    >
                        <Icon name=IconName::Close />
                        "Cancel"
                    </button>
                </div>
            </div>
            <progress
                class="job-bar"
                aria-label=name
                max="100"
                value=move || percent.get().map(|percent| percent.to_string())
            ></progress>
            <p class="job-words">
                {move || {
                    words().into_iter().map(|word| view! { <span>{word}</span> }).collect_view()
                }}
            </p>
        </li>
    }
}
