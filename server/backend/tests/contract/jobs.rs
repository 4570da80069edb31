//! JOB-1, JOB-2, JOB-4, JOB-7: jobs from being asked for to their end, whoever works on them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use holdfast_backend::{Backend, JobQuery, Location, SystemEnvironment};
use holdfast_domain::Error;
use holdfast_domain::event::{EventKind, SessionEvent};
use holdfast_domain::id::JobId;
use holdfast_domain::job::{
    JobParams, JobResult, JobState, JobStep, JobSummary, ScanParams, ScanResult,
};
use holdfast_domain::session::{SessionState, Step};
use tempfile::TempDir;

use crate::ageing::pass;
use crate::harness::{Device, HOUR_MS, World, contract, eventually};
use crate::life::{saved, state, step};

contract!(
    job_1_a_scan_says_what_is_there,
    job_1_every_step_from_every_state,
    job_1_asking_twice_is_asking_once,
    job_2_a_job_whose_server_is_gone_goes_on_from_where_it_was,
    job_2_a_server_that_lost_a_job_writes_nothing_more_of_it,
    job_2_a_server_that_stops_hands_over,
    job_3_a_stream_of_a_job_has_all_of_it_also_afterwards,
    job_4_what_is_paused_goes_on_and_what_is_cancelled_does_not,
    job_4_what_fails_for_now_is_tried_again_and_then_given_up,
    job_4_accounts_take_turns,
    job_4_so_many_run_at_once_and_so_many_are_live,
    job_4_a_list_has_pages_and_filters,
    job_4_files_and_then_jobs_are_kept_for_a_while,
    job_7_links_lead_nowhere_and_what_cannot_be_read_is_counted,
    sec_3_nobody_sees_or_steps_somebody_elses_job,
    sess_1_a_session_with_a_live_job_is_not_abandoned,
    sess_3_deleting_a_session_cancels_its_jobs,
    sec_5_what_a_job_is_about_is_encrypted,
);

/// A location with files in it.
struct Files(TempDir);

impl Files {
    async fn at(world: &mut World) -> Self {
        let files = Self(tempfile::tempdir().unwrap());
        world.locations.push(Location {
            name: "place".into(),
            folder: files.0.path().to_owned(),
            writable: false,
            accounts: Vec::new(),
        });
        world.restart().await;
        files
    }

    fn write(&self, path: &str, bytes: &[u8]) -> &Self {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    /// Many small ones.
    fn fill(&self, folders: usize, files: usize) -> &Self {
        for folder in 0..folders {
            for file in 0..files {
                let path = format!("folder {folder}/in it/{file}.txt");
                self.write(&path, format!("{}", file % 3).as_bytes());
            }
        }
        self
    }
}

fn scan(path: &str) -> JobParams {
    JobParams::Scan(ScanParams { location: "place".into(), path: path.into(), duplicates: true })
}

pub(crate) async fn ask(world: &World, device: &Device, params: JobParams) -> JobSummary {
    let id = world.backend.new_job_id();
    world.backend.start_job(&device.visitor, device.session, id, params).await.unwrap()
}

pub(crate) async fn job(world: &World, device: &Device, id: JobId) -> JobSummary {
    world.backend.job(&device.visitor, id).await.unwrap()
}

/// Waits until it is in this state.
pub(crate) async fn until(
    world: &World,
    device: &Device,
    id: JobId,
    state: JobState,
) -> JobSummary {
    let what = format!("a job is {state:?}");
    eventually(&what, async || {
        let now = job(world, device, id).await;
        assert!(now.state == state || now.state.is_live(), "{what}: {now:?}");
        now.state == state
    })
    .await;
    job(world, device, id).await
}

fn found(job: &JobSummary) -> ScanResult {
    match &job.result {
        Some(JobResult::Scan(result)) => result.clone(),
        other => panic!("no result of a scan: {other:?}"),
    }
}

/// All that is told of a job that came to its end.
async fn told(backend: &Backend, device: &Device, id: JobId) -> Vec<SessionEvent> {
    let mut watch = backend.watch_job(&device.visitor, id, None).await.unwrap().unwrap();
    let mut events = Vec::new();
    while let Some(event) = watch.next().await {
        events.push(event);
    }
    events
}

async fn job_1_a_scan_says_what_is_there(mut world: World) {
    let files = Files::at(&mut world).await;
    files.write("a.txt", b"same").write("b/c.TXT", b"same").write("b/d.png", &[7; 5000]);
    files.write("b/e/empty", b"").write("b/e/f.tar.gz", b"other");
    let device = saved(&world).await;
    let asked = ask(&world, &device, scan("")).await;
    assert_eq!((asked.state, asked.attempts), (JobState::Pending, 0));
    world.backend.start_working();
    let done = until(&world, &device, asked.id, JobState::Completed).await;
    let result = found(&done);
    assert_eq!((result.files, result.folders, result.bytes), (5, 3, 4 + 4 + 5000 + 5));
    let types: Vec<_> =
        result.types.iter().map(|one| (one.extension.as_str(), one.files)).collect();
    assert_eq!(types, [("png", 1), ("txt", 2), ("gz", 1), ("", 1)]);
    assert_eq!(result.largest[0].path, "b/d.png");
    let [group] = &result.duplicates[..] else { panic!("one group: {:?}", result.duplicates) };
    assert_eq!((group.files, group.bytes), (2, 4));
    assert_eq!(group.paths.iter().collect::<BTreeSet<_>>().len(), 2);
    assert_eq!(group.hash, blake3_of(b"same"));
    assert_eq!((result.duplicate_files, result.duplicate_bytes), (1, 4));
    assert_eq!(done.progress.percent(), Some(100));
    // A folder of it.
    let part = ask(&world, &device, scan("/b/e/")).await;
    let part = until(&world, &device, part.id, JobState::Completed).await;
    assert_eq!((found(&part).files, found(&part).largest[0].path.as_str()), (2, "f.tar.gz"));
    // One that is not there.
    let none = ask(&world, &device, scan("b/x")).await;
    let none = until(&world, &device, none.id, JobState::Failed).await;
    assert_eq!(none.fault.unwrap().code, "folder_not_found");
    for (location, path) in [("nowhere", ""), ("place", "../etc"), ("place", "a/../../b")] {
        let params = ScanParams { location: location.into(), path: path.into(), duplicates: false };
        let id = world.backend.new_job_id();
        let params = JobParams::Scan(params);
        let refused = world.backend.start_job(&device.visitor, device.session, id, params).await;
        assert!(matches!(refused, Err(Error::InvalidValue { .. })), "{location} {path}");
    }
}

fn blake3_of(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

async fn job_1_every_step_from_every_state(mut world: World) {
    let _files = Files::at(&mut world).await;
    let device = saved(&world).await;
    let step = async |id, step| world.backend.step_job(&device.visitor, id, step).await;
    for state in JobState::ALL {
        for taken in [JobStep::Pause, JobStep::Resume, JobStep::Cancel, JobStep::Retry] {
            let asked = ask(&world, &device, scan("")).await;
            let word = serde_json::to_value(state).unwrap();
            let word = word.as_str().unwrap();
            world
                .execute(&format!("UPDATE jobs SET state = '{word}' WHERE id = '{}'", asked.id))
                .await;
            let after = step(asked.id, taken).await;
            match (state, state.after(taken)) {
                (_, Err(_)) => {
                    assert!(matches!(after, Err(Error::Conflict { .. })), "{state:?} {taken:?}");
                }
                // Its server has to stop first.
                (JobState::Running, Ok(next)) if next != state => {
                    let after = after.unwrap();
                    assert_eq!((after.state, after.wanted), (state, Some(next)));
                    assert_eq!(
                        step(asked.id, taken).await.unwrap(),
                        after,
                        "again changes nothing"
                    );
                }
                (_, Ok(next)) => {
                    assert_eq!(after.unwrap().state, next, "{state:?} {taken:?}");
                }
            }
            let removed = world.backend.remove_job(&device.visitor, asked.id).await;
            let over = !job_state(&world, asked.id).await.is_some_and(JobState::is_live);
            assert_eq!(removed.is_ok(), over, "{state:?} {taken:?}");
            world.execute("DELETE FROM jobs").await;
        }
    }
    // Whoever wants it cancelled does not have it paused, and the other way round does.
    let asked = ask(&world, &device, scan("")).await;
    world.execute("UPDATE jobs SET state = 'running'").await;
    step(asked.id, JobStep::Pause).await.unwrap();
    let wanted = step(asked.id, JobStep::Cancel).await.unwrap().wanted;
    assert_eq!(wanted, Some(JobState::Cancelled));
    let wanted = step(asked.id, JobStep::Pause).await.unwrap().wanted;
    assert_eq!(wanted, Some(JobState::Cancelled));
    assert_eq!(step(asked.id, JobStep::Resume).await.unwrap().wanted, Some(JobState::Cancelled));
}

async fn job_state(world: &World, id: JobId) -> Option<JobState> {
    use sqlx::Row;
    let rows = world.rows(&format!("SELECT state FROM jobs WHERE id = '{id}'")).await;
    let word: String = rows.first()?.get(0);
    serde_json::from_value(word.into()).ok()
}

async fn job_1_asking_twice_is_asking_once(mut world: World) {
    let _files = Files::at(&mut world).await;
    let device = saved(&world).await;
    let asked = ask(&world, &device, scan("")).await;
    let (visitor, session) = (&device.visitor, device.session);
    let again = world.backend.start_job(visitor, session, asked.id, scan("other")).await.unwrap();
    assert_eq!(again, asked);
    let other = saved(&world).await;
    let refused = world.backend.start_job(&other.visitor, other.session, asked.id, scan("")).await;
    assert!(matches!(refused, Err(Error::Conflict { .. })));
    assert_eq!(world.number("SELECT COUNT(*) FROM jobs").await, 1);
}

/// As a server that was killed leaves it: what it saved last, and a lease that ends.
async fn abandon(world: &World, id: JobId) {
    world
        .execute(&format!(
            "UPDATE jobs SET state = 'running', node = 'gone', lease = 7, lease_until = {} \
             WHERE id = '{id}'",
            world.backend.now_ms() - 1
        ))
        .await;
}

async fn job_2_a_job_whose_server_is_gone_goes_on_from_where_it_was(mut world: World) {
    let files = Files::at(&mut world).await;
    files.fill(30, 40);
    let device = saved(&world).await;
    let asked = ask(&world, &device, scan("")).await;
    world.backend.start_working();
    until(&world, &device, asked.id, JobState::Completed).await;
    let first = found(&job(&world, &device, asked.id).await);
    assert_eq!(first.files, 1_200);
    // From each place it saved; the manifest has every file once.
    let parts = world.number("SELECT COUNT(*) FROM job_parts").await;
    for _ in 0..3 {
        abandon(&world, asked.id).await;
        let done = until(&world, &device, asked.id, JobState::Completed).await;
        assert_eq!(found(&done), first);
        assert_eq!(world.number("SELECT COUNT(*) FROM job_parts").await, parts);
    }
    assert!(job(&world, &device, asked.id).await.attempts >= 4);
}

async fn job_2_a_server_that_lost_a_job_writes_nothing_more_of_it(mut world: World) {
    let files = Files::at(&mut world).await;
    files.fill(40, 100);
    let device = saved(&world).await;
    let asked = ask(&world, &device, scan("")).await;
    world.backend.start_working();
    until(&world, &device, asked.id, JobState::Running).await;
    // Somebody else has it now, and is gone with it later.
    world.execute("UPDATE jobs SET lease = lease + 1 WHERE state = 'running'").await;
    // Its lease ends.
    world.clock.advance(11_000);
    let done = until(&world, &device, asked.id, JobState::Completed).await;
    assert_eq!((found(&done).files, done.attempts), (4_000, 2));
    let events = told(&world.backend, &device, asked.id).await;
    let ends = events.iter().filter(|event| event.kind.name() == "job_completed");
    assert_eq!(ends.count(), 1);
}

async fn job_2_a_server_that_stops_hands_over(mut world: World) {
    let files = Files::at(&mut world).await;
    files.fill(60, 100);
    let device = saved(&world).await;
    let asked = ask(&world, &device, scan("")).await;
    world.backend.start_working();
    until(&world, &device, asked.id, JobState::Running).await;
    world.backend.close().await;
    world.restart().await;
    let left = job(&world, &device, asked.id).await;
    assert!([JobState::Pending, JobState::Completed].contains(&left.state), "{:?}", left.state);
    world.backend.start_working();
    let done = until(&world, &device, asked.id, JobState::Completed).await;
    assert_eq!(found(&done).files, 6_000);
}

async fn job_3_a_stream_of_a_job_has_all_of_it_also_afterwards(mut world: World) {
    let files = Files::at(&mut world).await;
    files.fill(5, 5);
    let device = saved(&world).await;
    let asked = ask(&world, &device, scan("")).await;
    let mut live = world.backend.watch_job(&device.visitor, asked.id, None).await.unwrap().unwrap();
    world.backend.start_working();
    let mut heard = Vec::new();
    while let Some(event) = live.next().await {
        heard.push(event);
    }
    let names: Vec<_> = heard.iter().map(|event| event.kind.name()).collect();
    assert_eq!(names.first(), Some(&"job_created"));
    assert_eq!(names.get(1), Some(&"job_started"));
    assert_eq!(names.last(), Some(&"job_completed"));
    assert_eq!(told(&world.backend, &device, asked.id).await, heard);
    // From any place of it.
    for at in 0..heard.len() {
        let cursor = Some(heard[at].cursor);
        let rest = world.backend.watch_job(&device.visitor, asked.id, cursor).await.unwrap();
        let mut rest = match rest {
            Some(rest) => rest,
            None => {
                assert_eq!(at, heard.len() - 1, "only its end leaves nothing to be told");
                continue;
            }
        };
        for expected in &heard[at + 1..] {
            assert_eq!(rest.next().await.as_ref(), Some(expected));
        }
        assert_eq!(rest.next().await, None);
    }
    // And when its events are gone.
    world.execute("DELETE FROM session_events").await;
    let told = told(&world.backend, &device, asked.id).await;
    assert!(matches!(&told[..], [SessionEvent { kind: EventKind::JobCompleted(_), .. }]));
}

async fn job_4_what_is_paused_goes_on_and_what_is_cancelled_does_not(mut world: World) {
    let files = Files::at(&mut world).await;
    files.fill(60, 100);
    let device = saved(&world).await;
    world.backend.start_working();
    let step = async |id, step| world.backend.step_job(&device.visitor, id, step).await.unwrap();
    let asked = ask(&world, &device, scan("")).await;
    until(&world, &device, asked.id, JobState::Running).await;
    step(asked.id, JobStep::Pause).await;
    let paused = until(&world, &device, asked.id, JobState::Paused).await;
    assert_eq!((paused.wanted, paused.ended_at_ms), (None, None));
    step(asked.id, JobStep::Resume).await;
    until(&world, &device, asked.id, JobState::Running).await;
    step(asked.id, JobStep::Cancel).await;
    let cancelled = until(&world, &device, asked.id, JobState::Cancelled).await;
    assert!(cancelled.ended_at_ms.is_some() && cancelled.result.is_none());
    step(asked.id, JobStep::Retry).await;
    let done = until(&world, &device, asked.id, JobState::Completed).await;
    assert_eq!(found(&done).files, 6_000);
    let events = told(&world.backend, &device, asked.id).await;
    let mut names: Vec<_> = events.iter().map(|event| event.kind.name()).collect();
    names.retain(|name| *name != "job_progress");
    let expected = [
        "job_created",
        "job_started",
        "job_asked",
        "job_paused",
        "job_resumed",
        "job_started",
        "job_asked",
        "job_cancelled",
        "job_resumed",
        "job_started",
        "job_completed",
    ];
    assert_eq!(names, expected);
}

async fn job_4_what_fails_for_now_is_tried_again_and_then_given_up(mut world: World) {
    let files = Files::at(&mut world).await;
    let away = files.0.path().with_extension("away");
    fs::rename(files.0.path(), &away).unwrap();
    let device = saved(&world).await;
    let asked = ask(&world, &device, scan("")).await;
    world.backend.start_working();
    eventually("it waits to be tried again", async || {
        job(&world, &device, asked.id).await.not_before_ms.is_some()
    })
    .await;
    let waits = job(&world, &device, asked.id).await;
    assert_eq!(waits.fault.unwrap().code, "location_unavailable");
    eventually("it is given up", async || {
        // Each wait is longer than the one before.
        world.clock.advance(1_000);
        job(&world, &device, asked.id).await.state == JobState::Failed
    })
    .await;
    let failed = job(&world, &device, asked.id).await;
    assert_eq!((failed.attempts, failed.fault.unwrap().code.as_str()), (5, "location_unavailable"));
    fs::rename(&away, files.0.path()).unwrap();
    world.backend.step_job(&device.visitor, asked.id, JobStep::Retry).await.unwrap();
    let done = until(&world, &device, asked.id, JobState::Completed).await;
    assert_eq!(done.fault, None);
}

async fn job_4_accounts_take_turns(mut world: World) {
    world.settings.running_jobs = 1;
    let files = Files::at(&mut world).await;
    files.fill(3, 20);
    // Its clock tells which was begun first.
    world.backend = world.server_with(Arc::new(SystemEnvironment)).await;
    let (busy, other) = (saved(&world).await, saved(&world).await);
    let mut ids = Vec::new();
    for _ in 0..6 {
        ids.push(ask(&world, &busy, scan("")).await.id);
    }
    let late = ask(&world, &other, scan("")).await.id;
    world.backend.start_working();
    let late = until(&world, &other, late, JobState::Completed).await.started_at_ms;
    let mut before = 0;
    for id in ids {
        let done = until(&world, &busy, id, JobState::Completed).await;
        before += usize::from(done.started_at_ms < late);
    }
    assert!(before <= 1, "{before} of six were begun before the one of somebody else");
}

async fn job_4_so_many_run_at_once_and_so_many_are_live(mut world: World) {
    world.settings.running_jobs = 3;
    world.settings.running_jobs_per_account = 2;
    world.settings.live_jobs_per_account = 6;
    let files = Files::at(&mut world).await;
    files.fill(30, 100);
    let (busy, other) = (saved(&world).await, saved(&world).await);
    for _ in 0..6 {
        ask(&world, &busy, scan("")).await;
    }
    let id = world.backend.new_job_id();
    let refused = world.backend.start_job(&busy.visitor, busy.session, id, scan("")).await;
    assert!(matches!(refused, Err(Error::LimitExceeded { .. })));
    for _ in 0..3 {
        ask(&world, &other, scan("")).await;
    }
    world.backend.start_working();
    eventually("all are done", async || {
        let running = "SELECT COUNT(*) FROM jobs WHERE state = 'running'";
        assert!(world.number(running).await <= 3);
        let of_one = "SELECT COALESCE(MAX(n), 0) FROM (SELECT COUNT(*) AS n FROM jobs \
                      WHERE state = 'running' GROUP BY account) AS running";
        assert!(world.number(of_one).await <= 2);
        let open = "SELECT COUNT(*) FROM jobs WHERE state <> 'completed'";
        world.number(open).await == 0
    })
    .await;
}

async fn job_4_a_list_has_pages_and_filters(mut world: World) {
    let _files = Files::at(&mut world).await;
    let device = saved(&world).await;
    let mut asked = Vec::new();
    for _ in 0..5 {
        asked.push(ask(&world, &device, scan("")).await.id);
        world.clock.advance(1);
    }
    asked.reverse();
    let find =
        async |query: JobQuery| world.backend.find_jobs(&device.visitor, &query).await.unwrap();
    let mut query = JobQuery { limit: 2, ..JobQuery::default() };
    let mut seen = Vec::new();
    loop {
        let page = find(query.clone()).await;
        seen.extend(page.jobs.iter().map(|job| job.id));
        let Some(next) = page.next else { break };
        query.after = Some(next);
    }
    assert_eq!(seen, asked);
    world.backend.step_job(&device.visitor, asked[0], JobStep::Cancel).await.unwrap();
    let all = JobQuery { limit: 200, ..JobQuery::default() };
    assert_eq!(find(JobQuery { live: true, ..all.clone() }).await.jobs.len(), 4);
    let cancelled = JobQuery { state: Some(JobState::Cancelled), ..all.clone() };
    assert_eq!(find(cancelled).await.jobs[0].id, asked[0]);
    let here = JobQuery { session: Some(device.session), ..all.clone() };
    assert_eq!(find(here).await.jobs.len(), 5);
    assert_eq!(world.backend.clear_jobs(&device.visitor, None).await.unwrap(), 1);
    assert_eq!(find(all).await.jobs.len(), 4);
}

async fn job_4_files_and_then_jobs_are_kept_for_a_while(mut world: World) {
    let files = Files::at(&mut world).await;
    files.fill(2, 3);
    let device = saved(&world).await;
    world.backend.start_working();
    let done = ask(&world, &device, scan("")).await;
    until(&world, &device, done.id, JobState::Completed).await;
    let failed = ask(&world, &device, scan("nowhere")).await;
    until(&world, &device, failed.id, JobState::Failed).await;
    let parts = "SELECT COUNT(*) FROM job_parts";
    for (hours, kept) in [(23, true), (2, false)] {
        pass(&world, hours * HOUR_MS).await;
        assert_eq!(world.number(parts).await > 0, kept, "after {hours} h more");
        let now = job(&world, &device, done.id).await;
        assert_eq!(found(&now).files, 6);
        assert_eq!(now.files_until_ms.unwrap() > world.backend.now_ms(), kept);
    }
    // It begins anew, and has its files again.
    files.write("nowhere/but here", b"");
    world.backend.step_job(&device.visitor, failed.id, JobStep::Retry).await.unwrap();
    until(&world, &device, failed.id, JobState::Completed).await;
    assert!(world.number(parts).await > 0);
    pass(&world, 24 * 31 * HOUR_MS).await;
    assert_eq!(world.number("SELECT COUNT(*) FROM jobs").await, 0);
    assert_eq!(world.number(parts).await, 0);
}

async fn job_7_links_lead_nowhere_and_what_cannot_be_read_is_counted(mut world: World) {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    let files = Files::at(&mut world).await;
    files.write("in/a.txt", b"a");
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.txt"), b"secret").unwrap();
    symlink(outside.path(), files.0.path().join("out")).unwrap();
    symlink(files.0.path(), files.0.path().join("in/round")).unwrap();
    symlink(outside.path().join("secret.txt"), files.0.path().join("in/secret.txt")).unwrap();
    let no_text = std::ffi::OsStr::from_bytes(b"no\xfftext");
    fs::write(files.0.path().join(Path::new(no_text)), b"b").unwrap();
    let device = saved(&world).await;
    world.backend.start_working();
    let asked = ask(&world, &device, scan("")).await;
    let result = found(&until(&world, &device, asked.id, JobState::Completed).await);
    assert_eq!((result.files, result.skipped, result.unreadable), (1, 3, 1));
    // Nor by a path that goes through one.
    let out = ask(&world, &device, scan("out")).await;
    let out = until(&world, &device, out.id, JobState::Failed).await;
    assert!(out.result.is_none());
    let listed = world.backend.list_folder(&device.visitor, "place", "out").await;
    assert!(listed.is_err(), "{listed:?}");
}

async fn sec_3_nobody_sees_or_steps_somebody_elses_job(mut world: World) {
    let _files = Files::at(&mut world).await;
    let (mine, other) = (saved(&world).await, saved(&world).await);
    let asked = ask(&world, &mine, scan("")).await;
    let (backend, visitor) = (&world.backend, &other.visitor);
    assert_eq!(backend.job(visitor, asked.id).await, Err(Error::NotFound));
    for step in [JobStep::Pause, JobStep::Resume, JobStep::Cancel, JobStep::Retry] {
        assert_eq!(backend.step_job(visitor, asked.id, step).await, Err(Error::NotFound));
    }
    assert_eq!(backend.remove_job(visitor, asked.id).await, Err(Error::NotFound));
    assert_eq!(backend.watch_job(visitor, asked.id, None).await.err(), Some(Error::NotFound));
    let id = backend.new_job_id();
    let there = backend.start_job(visitor, mine.session, id, scan("")).await;
    assert_eq!(there, Err(Error::NotFound));
    let query = JobQuery { session: Some(mine.session), ..JobQuery::default() };
    assert_eq!(backend.find_jobs(visitor, &query).await, Err(Error::NotFound));
    assert_eq!(backend.clear_jobs(visitor, None).await, Ok(0));
    // A location for some is not there for others.
    world.locations[0].accounts = vec!["ada@example.org".into()];
    world.restart().await;
    let id = world.backend.new_job_id();
    let refused = world.backend.start_job(&mine.visitor, mine.session, id, scan("")).await;
    assert!(matches!(refused, Err(Error::InvalidValue { .. })));
    assert_eq!(world.backend.locations(&mine.visitor).await.unwrap(), []);
    let ada = world.person("Ada@Example.org").await;
    assert_eq!(world.backend.locations(&ada).await.unwrap().len(), 1);
}

async fn sess_1_a_session_with_a_live_job_is_not_abandoned(mut world: World) {
    let _files = Files::at(&mut world).await;
    let (busy, idle) = (saved(&world).await, saved(&world).await);
    let asked = ask(&world, &busy, scan("")).await;
    world.backend.step_job(&busy.visitor, asked.id, JobStep::Pause).await.unwrap();
    let abandoned = async |device: &Device| {
        // The sweep waits until the clock can be believed.
        world.clock.advance(HOUR_MS);
        world.backend.sweep().await.unwrap();
        state(&world, device).await == SessionState::Abandoned
    };
    eventually("the idle one is abandoned", async || abandoned(&idle).await).await;
    assert_eq!(state(&world, &busy).await, SessionState::Active);
    world.backend.step_job(&busy.visitor, asked.id, JobStep::Cancel).await.unwrap();
    eventually("now the other one is", async || abandoned(&busy).await).await;
}

async fn sess_3_deleting_a_session_cancels_its_jobs(mut world: World) {
    let files = Files::at(&mut world).await;
    files.fill(60, 100);
    let device = saved(&world).await;
    let (running, waiting) =
        (ask(&world, &device, scan("")).await.id, ask(&world, &device, scan("")).await.id);
    world.backend.step_job(&device.visitor, waiting, JobStep::Pause).await.unwrap();
    world.backend.start_working();
    until(&world, &device, running, JobState::Running).await;
    step(&world, &device, Step::Delete).await;
    assert_eq!(job_state(&world, waiting).await, Some(JobState::Cancelled));
    eventually("the running one stops", async || {
        job_state(&world, running).await == Some(JobState::Cancelled)
    })
    .await;
    let gone = world.backend.job(&device.visitor, running).await;
    assert!(matches!(gone, Err(Error::Gone { .. })));
    step(&world, &device, Step::Undelete).await;
    assert_eq!(job(&world, &device, running).await.state, JobState::Cancelled);
}

async fn sec_5_what_a_job_is_about_is_encrypted(mut world: World) {
    use sqlx::Row;
    let files = Files::at(&mut world).await;
    files.write("planted folder/planted file.txt", b"x").write("other.planted", b"x");
    let device = saved(&world).await;
    let asked = ask(&world, &device, scan("planted folder")).await;
    world.backend.start_working();
    until(&world, &device, asked.id, JobState::Completed).await;
    for (table, columns) in [
        ("jobs", "params, progress, cursor, result"),
        ("job_parts", "payload"),
        ("session_events", "payload"),
    ] {
        for row in world.rows(&format!("SELECT {columns} FROM {table}")).await {
            for at in 0..row.len() {
                let bytes: Vec<u8> = row.get(at);
                assert!(!bytes.windows(7).any(|some| some == b"planted"), "{table} {at}");
            }
        }
    }
}
