//! All that came of a job.

use holdfast_domain::id::JobId;
use holdfast_domain::job::{JobResult, JobSummary};
use leptos::prelude::*;

use super::copied::{RolledBack, Transferred};
use super::functions::find_job;
use super::scanned::Scanned;
use crate::failed::{Failed, reason};
use crate::icon::{Icon, IconName};
use crate::skeletons::Skeletons;
use crate::time::now_ms;

/// Asked for when it is opened, as the list has its figures only.
#[component]
pub(super) fn Report(id: JobId) -> impl IntoView {
    let job = LocalResource::new(move || find_job(id));
    let again = Callback::new(move |()| job.refetch());
    move || match job.get() {
        None => view! { <Skeletons /> }.into_any(),
        Some(Ok(JobSummary { result: Some(result), files_until_ms, .. })) => {
            let report = match result {
                JobResult::Scan(result) => view! { <Scanned result=result /> }.into_any(),
                JobResult::Transfer(result) => {
                    view! { <Transferred id=id result=result /> }.into_any()
                }
                JobResult::Rollback(result) => view! { <RolledBack result=result /> }.into_any(),
            };
            view! {
                {report}
                <Files id=id until_ms=files_until_ms />
            }
            .into_any()
        }
        Some(Ok(_)) => ().into_any(),
        Some(Err(fault)) => {
            let why = reason(&fault.into());
            view! { <Failed what="The report could not be read" why=why again=again /> }.into_any()
        }
    }
}

/// The report as files.
#[component]
fn Files(
    id: JobId,
    /// Until when each file can be read.
    until_ms: Option<i64>,
) -> impl IntoView {
    let is_kept = until_ms.is_none_or(|until_ms| now_ms() < until_ms);
    let files = [("csv", "All files (CSV)"), ("json", "This report (JSON)")];
    let links =
        files.into_iter().filter(|(kind, _)| is_kept || *kind != "csv").map(|(kind, name)| {
            let suffix = if kind == "csv" { ".csv" } else { "" };
            view! {
                <a
                    class="button button-small"
                    href=format!("/api/jobs/{id}/report{suffix}")
                    download=format!("holdfast-job-{id}.{kind}")
                    rel="external"
                >
                    <Icon name=IconName::Download />
                    {name}
                </a>
            }
        });
    view! { <p class="report-files">{links.collect::<Vec<_>>()}</p> }
}
