//! The jobs of the open session: asked for when it opens, and kept as the server tells.

use std::rc::Rc;

use holdfast_domain::event::JobEvent;
use holdfast_domain::id::JobId;
use holdfast_domain::job::{JobParams, JobStep, JobSummary};
use holdfast_domain::sync::{Event, Urgency};
use holdfast_domain::{Error, Result};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{Shell, show};
use crate::browser::{Browser, sleep};
use crate::journal::race;
use crate::live::Live;

/// How long it may take until the server knows the session.
const KNOWN_MS: u32 = 10_000;

impl Shell {
    /// Asks for the jobs again.
    pub(crate) fn refresh_jobs(self: &Rc<Self>) {
        let (Ok(transport), Some(live)) = (self.transport(), self.live()) else { return };
        // The server has none of a session that it does not know yet.
        if self.local(live.id).is_some_and(|session| !session.on_server) {
            show(self.signals.jobs_read, Some(Ok(())));
            return;
        }
        let (shell, asked) = (self.clone(), self.reading_jobs.ask());
        spawn_local(async move {
            let listed = match transport.jobs(live.id).await {
                Err(Error::NotFound) => Ok(Vec::new()),
                listed => listed,
            };
            if !shell.shows(&live) || !shell.reading_jobs.hear(asked, &listed) {
                return;
            }
            let read = listed.map(|jobs| show(shell.signals.jobs, jobs));
            show(shell.signals.jobs_read, Some(read));
        });
    }

    /// The server told of a job.
    pub(super) fn hear_of_job(self: &Rc<Self>, name: &str, event: &JobEvent) {
        let known = self.signals.jobs.try_update(|jobs| {
            let job = jobs.iter_mut().find(|job| job.id == event.job)?;
            job.state = event.state;
            job.wanted = event.wanted;
            job.progress = event.progress;
            job.fault = event.fault.clone();
            Some(())
        });
        // What the event does not have: what it is about, what came of it, when.
        let only_patched = matches!(name, "job_started" | "job_progress" | "job_asked");
        if known.flatten().is_none() || !only_patched {
            self.refresh_jobs();
        }
    }

    /// Asks for a job of the open session.
    pub(crate) async fn start_job(self: &Rc<Self>, params: JobParams) -> Result<JobId> {
        let live = self.live().ok_or(Error::Unavailable)?;
        self.known(&live).await;
        let id = JobId::generate(&Browser);
        let job = self.transport()?.start_job(live.id, id, params).await?;
        if self.shows(&live) {
            self.put_job(job);
        }
        Ok(id)
    }

    /// Takes a job a step on.
    pub(crate) async fn step_job(self: &Rc<Self>, id: JobId, step: JobStep) -> Result<()> {
        let job = self.transport()?.step_job(id, step).await?;
        self.put_job(job);
        Ok(())
    }

    /// Removes a job that has come to its end.
    pub(crate) async fn remove_job(self: &Rc<Self>, id: JobId) -> Result<()> {
        self.transport()?.remove_job(id).await?;
        self.signals.jobs.update(|jobs| jobs.retain(|job| job.id != id));
        Ok(())
    }

    fn put_job(&self, job: JobSummary) {
        if self.live().is_none_or(|live| live.id != job.session) {
            return;
        }
        self.signals.jobs.update(|jobs| match jobs.iter_mut().find(|known| known.id == job.id) {
            Some(known) => *known = job,
            None => jobs.insert(0, job),
        });
    }

    /// Waits until the server has the session, but not for ever.
    async fn known(&self, live: &Rc<Live>) {
        let is_there = || self.local(live.id).is_some_and(|session| session.on_server);
        if is_there() {
            return;
        }
        live.feed(Event::Save(Urgency::AtOnce));
        race(live.until(|_| is_there()), sleep(KNOWN_MS)).await;
    }
}
