//! JOB-7: files that are copied from a location to another, and back.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use holdfast_backend::{JobFiles, Location};
use holdfast_domain::Error;
use holdfast_domain::event::EventKind;
use holdfast_domain::id::JobId;
use holdfast_domain::job::{
    Amount, ConflictPolicy, CopyEntry, CopyOutcome, JobParams, JobResult, JobState, JobStep,
    JobSummary, Progress, RollbackParams, RollbackResult, TransferParams, TransferResult,
};
use holdfast_domain::location::Place;
use tempfile::TempDir;

use crate::harness::{Device, World, contract, eventually};
use crate::jobs::{ask, job, until};
use crate::life::saved;

contract!(
    job_7_a_transfer_copies_all_and_the_second_one_nothing,
    job_7_what_is_there_is_left_replaced_or_kept_beside,
    job_7_a_dry_run_says_what_would_be_and_does_nothing,
    job_7_a_rollback_removes_what_was_copied_and_nothing_else,
    job_7_a_link_in_the_target_leads_nowhere,
    job_7_one_file_that_cannot_be_copied_does_not_keep_the_others,
    job_7_who_copies_where_is_checked,
    job_2_a_transfer_goes_on_within_a_file,
    job_2_what_was_copied_before_its_server_was_gone_is_not_copied_twice,
    job_4_a_transfer_that_is_cancelled_leaves_no_part_of_a_file,
    job_4_a_transfer_whose_location_is_gone_is_tried_again,
    job_4_a_transfer_that_was_paused_goes_on_at_another_server,
);

/// Two locations: `from`, which may be read, and `to`, which may be written to.
struct Places {
    from: TempDir,
    to: TempDir,
}

impl Places {
    async fn at(world: &mut World) -> Self {
        let places = Self { from: tempfile::tempdir().unwrap(), to: tempfile::tempdir().unwrap() };
        for (name, folder, writable) in [("from", &places.from, false), ("to", &places.to, true)] {
            world.locations.push(Location {
                name: name.into(),
                folder: folder.path().to_owned(),
                writable,
                accounts: Vec::new(),
            });
        }
        world.restart().await;
        places
    }

    fn write(&self, path: &str, bytes: &[u8]) -> &Self {
        write(self.from.path(), path, bytes);
        self
    }

    /// A file of 1 GiB with holes.
    fn large(&self) -> PathBuf {
        let path = self.from.path().join("large");
        let mut file = File::create(&path).unwrap();
        for at in [0, 100 << 20, (1 << 30) - 3] {
            file.seek(SeekFrom::Start(at)).unwrap();
            file.write_all(b"end").unwrap();
        }
        path
    }

    /// What is in the target, by its path.
    fn copied(&self) -> BTreeMap<String, Vec<u8>> {
        content(self.to.path())
    }
}

fn write(folder: &Path, path: &str, bytes: &[u8]) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// All files and folders below a folder, without the content of large ones; a folder's path ends with a slash.
fn content(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut to_do = vec![folder.to_owned()];
    while let Some(next) = to_do.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            if path.is_dir() && !path.is_symlink() {
                found.insert(format!("{name}/"), Vec::new());
                to_do.push(path);
            } else {
                let is_large = fs::metadata(&path).is_ok_and(|file| file.len() > 64 << 20);
                found.insert(name, if is_large { Vec::new() } else { fs::read(&path).unwrap() });
            }
        }
    }
    found
}

fn params(conflict: ConflictPolicy) -> TransferParams {
    let place = |location: &str| Place { location: location.into(), path: String::new() };
    TransferParams { from: place("from"), to: place("to"), conflict, dry_run: false }
}

fn transfer(conflict: ConflictPolicy) -> JobParams {
    JobParams::Transfer(params(conflict))
}

fn of_transfer(job: &JobSummary) -> TransferResult {
    match &job.result {
        Some(JobResult::Transfer(result)) => result.clone(),
        other => panic!("no result of a transfer: {other:?}, {:?}", job.fault),
    }
}

fn amount(files: u64, bytes: u64) -> Amount {
    Amount { files, bytes }
}

/// Asks for it, and waits for its end.
async fn done(world: &World, device: &Device, params: JobParams) -> JobSummary {
    let asked = ask(world, device, params).await;
    until(world, device, asked.id, JobState::Completed).await
}

async fn entries(world: &World, device: &Device, id: JobId) -> Vec<CopyEntry> {
    let mut all = Vec::new();
    for part in 0.. {
        match world.backend.job_files(&device.visitor, id, part).await.unwrap() {
            Some(JobFiles::Copies(some)) => all.extend(some),
            Some(JobFiles::Found(_)) => panic!("these are a scan's"),
            None => break,
        }
    }
    all
}

fn modified(path: &Path) -> Duration {
    fs::metadata(path).unwrap().modified().unwrap().duration_since(SystemTime::UNIX_EPOCH).unwrap()
}

async fn job_7_a_transfer_copies_all_and_the_second_one_nothing(mut world: World) {
    let places = Places::at(&mut world).await;
    for number in 0..2_100 {
        places.write(&format!("many/{}/{number}", number % 7), number.to_string().as_bytes());
    }
    let mut large = vec![0; 40 << 20];
    large[30_000_000] = 1;
    places.write("a/b/large", &large).write("a/empty", b"").write("Ålesund – 1904.txt", b"fire");
    let old = SystemTime::UNIX_EPOCH + Duration::from_millis(1_234_567_891_011);
    File::options()
        .append(true)
        .open(places.from.path().join("a/empty"))
        .unwrap()
        .set_modified(old)
        .unwrap();
    std::os::unix::fs::symlink("/etc/passwd", places.from.path().join("a/link")).unwrap();
    let device = saved(&world).await;
    world.backend.start_working();
    let first = done(&world, &device, transfer(ConflictPolicy::Skip)).await;
    let result = of_transfer(&first);
    assert_eq!(result.copied.files, 2_103);
    assert_eq!((result.not_files, result.failed, result.same), (1, amount(0, 0), amount(0, 0)));
    assert_eq!(first.progress.percent(), Some(100));
    let (mut expected, copied) = (content(places.from.path()), places.copied());
    expected.remove("a/link");
    assert!(copied == expected, "{:?}", copied.keys().collect::<Vec<_>>());
    for path in ["a/empty", "a/b/large", "many/3/3"] {
        let [from, to] = [&places.from, &places.to].map(|place| modified(&place.path().join(path)));
        assert_eq!(from.as_millis(), to.as_millis(), "{path}");
    }
    let entries = entries(&world, &device, first.id).await;
    assert_eq!(entries.len(), 2_103);
    for entry in &entries {
        assert_eq!((entry.outcome, entry.target.as_ref()), (CopyOutcome::Copied, None));
        let hash = blake3::hash(&expected[&entry.path]).to_hex();
        assert_eq!(entry.hash.as_deref(), Some(hash.as_str()), "{}", entry.path);
    }
    // The second one has nothing to do.
    let second = of_transfer(&done(&world, &device, transfer(ConflictPolicy::Overwrite)).await);
    assert_eq!((second.copied.files, second.same), (0, result.copied));
    // Holes stay holes.
    use std::os::unix::fs::MetadataExt;
    let blocks = fs::metadata(places.to.path().join("a/b/large")).unwrap().blocks();
    assert!(blocks * 512 < 10 << 20, "{blocks} blocks");
}

async fn job_7_what_is_there_is_left_replaced_or_kept_beside(mut world: World) {
    let places = Places::at(&mut world).await;
    places.write("a/notes.txt", b"new").write("b", b"b");
    let device = saved(&world).await;
    world.backend.start_working();
    let expected = [
        (ConflictPolicy::Skip, "older", None),
        (ConflictPolicy::Rename, "older", Some("new")),
        (ConflictPolicy::Overwrite, "new", None),
    ];
    for (conflict, there, beside) in expected {
        let _ = fs::remove_dir_all(places.to.path().join("a"));
        let _ = fs::remove_file(places.to.path().join("b"));
        write(places.to.path(), "a/notes.txt", b"older");
        let result = of_transfer(&done(&world, &device, transfer(conflict)).await);
        let copied = places.copied();
        assert_eq!(copied["a/notes.txt"], there.as_bytes(), "{conflict:?}");
        let name = "a/notes (2).txt";
        assert_eq!(copied.get(name).map(Vec::as_slice), beside.map(str::as_bytes), "{conflict:?}");
        assert_eq!(copied["b"], b"b");
        let figures = (result.copied.files, result.renamed, result.overwritten, result.skipped);
        let expected = match conflict {
            ConflictPolicy::Skip => (1, 0, amount(0, 0), amount(1, 3)),
            ConflictPolicy::Rename => (2, 1, amount(0, 0), amount(0, 0)),
            ConflictPolicy::Overwrite => (1, 0, amount(1, 3), amount(0, 0)),
        };
        assert_eq!(figures, expected, "{conflict:?}");
    }
}

async fn job_7_a_dry_run_says_what_would_be_and_does_nothing(mut world: World) {
    let places = Places::at(&mut world).await;
    places.write("a/notes.txt", b"new").write("b", b"b");
    write(places.to.path(), "a/notes.txt", b"older");
    let before = places.copied();
    let device = saved(&world).await;
    world.backend.start_working();
    // It may be tried where nothing may be written.
    let mut params = TransferParams { dry_run: true, ..params(ConflictPolicy::Overwrite) };
    let tried = done(&world, &device, JobParams::Transfer(params.clone())).await;
    let result = of_transfer(&tried);
    assert!(result.dry_run);
    assert_eq!((result.copied, result.overwritten), (amount(1, 1), amount(1, 3)));
    assert_eq!(places.copied(), before);
    let outcomes: Vec<_> =
        entries(&world, &device, tried.id).await.iter().map(|entry| entry.outcome).collect();
    assert_eq!(outcomes, [CopyOutcome::Copy, CopyOutcome::Overwrite]);
    params.to.location = "from".into();
    assert_eq!(
        of_transfer(&done(&world, &device, JobParams::Transfer(params)).await).same.files,
        2
    );
}

async fn rolled_back(world: &World, device: &Device, transfer: JobId) -> RollbackResult {
    let done = done(world, device, JobParams::Rollback(RollbackParams { transfer })).await;
    match done.result {
        Some(JobResult::Rollback(result)) => result,
        other => panic!("no result of a rollback: {other:?}"),
    }
}

async fn job_7_a_rollback_removes_what_was_copied_and_nothing_else(mut world: World) {
    let places = Places::at(&mut world).await;
    for number in 0..1_200 {
        places.write(&format!("many/in/{number}"), number.to_string().as_bytes());
    }
    places
        .write("there/a", b"a")
        .write("changed/b", b"b")
        .write("gone/c", b"c")
        .write("over", b"new");
    write(places.to.path(), "there/before", b"before");
    write(places.to.path(), "over", b"older");
    let device = saved(&world).await;
    world.backend.start_working();
    let copied = done(&world, &device, transfer(ConflictPolicy::Overwrite)).await;
    write(places.to.path(), "changed/b", b"B");
    fs::remove_file(places.to.path().join("gone/c")).unwrap();
    let result = rolled_back(&world, &device, copied.id).await;
    assert_eq!(result.removed.files, 1_201);
    assert_eq!((result.changed.files, result.gone.files, result.overwritten), (1, 1, 1));
    assert_eq!(result.failed, amount(0, 0));
    let left: Vec<_> = places.copied().into_keys().collect();
    assert_eq!(left, ["changed/", "changed/b", "over", "there/", "there/before"]);
    // Again there is nothing to do; and it is no transfer itself.
    let again = rolled_back(&world, &device, copied.id).await;
    assert_eq!((again.removed.files, again.gone.files), (0, 1_202));
    let of_nothing = RollbackParams { transfer: world.backend.new_job_id() };
    let id = world.backend.new_job_id();
    let refused = world
        .backend
        .start_job(&device.visitor, device.session, id, JobParams::Rollback(of_nothing))
        .await;
    assert!(matches!(refused, Err(Error::InvalidValue { field, .. }) if field == "transfer"));
}

async fn job_7_a_link_in_the_target_leads_nowhere(mut world: World) {
    let places = Places::at(&mut world).await;
    let outside = tempfile::tempdir().unwrap();
    places.write("folder/a", b"a").write("file", b"b");
    write(outside.path(), "victim", b"untouched");
    std::os::unix::fs::symlink(outside.path(), places.to.path().join("folder")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("victim"), places.to.path().join("file"))
        .unwrap();
    let device = saved(&world).await;
    world.backend.start_working();
    for conflict in [ConflictPolicy::Skip, ConflictPolicy::Overwrite, ConflictPolicy::Rename] {
        let result = of_transfer(&done(&world, &device, transfer(conflict)).await);
        assert!(result.failed.files >= 1, "{conflict:?}: {result:?}");
        let expected = BTreeMap::from([("victim".to_owned(), b"untouched".to_vec())]);
        assert_eq!(content(outside.path()), expected, "{conflict:?}");
    }
}

async fn job_7_one_file_that_cannot_be_copied_does_not_keep_the_others(mut world: World) {
    let places = Places::at(&mut world).await;
    places.write("a/b/c", b"c").write("d", b"d").write("e", b"e");
    // A file where a folder is to be, and a folder where a file is to be.
    write(places.to.path(), "a/b", b"in the way");
    write(places.to.path(), "d/in it", b"");
    let device = saved(&world).await;
    world.backend.start_working();
    let result = of_transfer(&done(&world, &device, transfer(ConflictPolicy::Overwrite)).await);
    assert_eq!((result.copied.files, result.failed.files), (1, 2));
    let codes: BTreeMap<_, _> = result
        .failures
        .iter()
        .map(|entry| (entry.path.as_str(), entry.code.as_deref().unwrap()))
        .collect();
    assert_eq!(codes, BTreeMap::from([("a/b/c", "not_a_folder"), ("d", "folder_in_the_way")]));
    assert_eq!(places.copied()["e"], b"e");
}

async fn job_7_who_copies_where_is_checked(mut world: World) {
    let _places = Places::at(&mut world).await;
    let device = saved(&world).await;
    let place = |location: &str, path: &str| Place { location: location.into(), path: path.into() };
    for (from, to, wrong) in [
        (place("nowhere", ""), place("to", ""), "from"),
        (place("from", "../etc"), place("to", ""), "from"),
        (place("from", ""), place("nowhere", ""), "to"),
        (place("from", ""), place("to", "a/../../b"), "to"),
        (place("to", ""), place("from", ""), "to"),
    ] {
        let params = TransferParams { from, to, ..params(ConflictPolicy::Skip) };
        let what = format!("{params:?}");
        let id = world.backend.new_job_id();
        let asked = JobParams::Transfer(params);
        let refused = world.backend.start_job(&device.visitor, device.session, id, asked).await;
        assert!(
            matches!(refused, Err(Error::InvalidValue { ref field, .. }) if field == wrong),
            "{what}: {refused:?}"
        );
    }
}

/// Waits until some of a file is copied, and more is to be.
async fn within(world: &World, device: &Device, id: JobId) -> Progress {
    let is_within = |progress: &Progress| progress.done > 0 && progress.files == 0;
    eventually("it is within a file", async || {
        let job = job(world, device, id).await;
        assert!(job.state.is_live(), "{job:?}");
        job.state == JobState::Running && job.progress.total.is_some() && is_within(&job.progress)
    })
    .await;
    job(world, device, id).await.progress
}

async fn job_2_a_transfer_goes_on_within_a_file(mut world: World) {
    let places = Places::at(&mut world).await;
    let large = places.large();
    let device = saved(&world).await;
    world.backend.start_working();
    let asked = ask(&world, &device, transfer(ConflictPolicy::Skip)).await;
    let before = within(&world, &device, asked.id).await;
    world.backend.close().await;
    assert!(!places.to.path().join("large").exists(), "it has its name when it is whole");
    world.restart().await;
    world.backend.start_working();
    let done = until(&world, &device, asked.id, JobState::Completed).await;
    assert_eq!(of_transfer(&done).copied, amount(1, 1 << 30));
    assert_eq!(done.attempts, 2);
    let [from, to] = [&large, &places.to.path().join("large")].map(|path| {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(File::open(path).unwrap()).unwrap();
        hasher.finalize().to_hex().to_string()
    });
    assert_eq!(from, to);
    assert_eq!(entries(&world, &device, asked.id).await[0].hash.as_ref(), Some(&from));
    assert_eq!(places.copied().len(), 1, "nothing else is left");
    never_begun_again(&world, &device, asked.id, before).await;
}

/// What was copied was never less than before, and came beyond `before`.
async fn never_begun_again(world: &World, device: &Device, id: JobId, before: Progress) {
    let mut watch = world.backend.watch_job(&device.visitor, id, None).await.unwrap().unwrap();
    let mut so_far = 0;
    while let Some(event) = watch.next().await {
        if let EventKind::JobProgress(event) = event.kind
            && event.progress.total.is_some()
        {
            assert!(event.progress.done >= so_far, "{} after {so_far}", event.progress.done);
            so_far = event.progress.done;
        }
    }
    assert!(so_far >= before.done);
}

async fn job_2_what_was_copied_before_its_server_was_gone_is_not_copied_twice(mut world: World) {
    let places = Places::at(&mut world).await;
    for number in 0..4_000 {
        places.write(&format!("in/{number}.txt"), format!("new {number}").as_bytes());
        if number % 3 == 0 {
            write(places.to.path(), &format!("in/{number}.txt"), b"there before");
        }
    }
    let device = saved(&world).await;
    world.backend.start_working();
    let asked = ask(&world, &device, transfer(ConflictPolicy::Rename)).await;
    let of_copies = "SELECT COUNT(*) FROM job_parts WHERE name = 'copies'";
    eventually("it is decided what becomes of some", async || world.number(of_copies).await > 0)
        .await;
    // Somebody else has it now, and is gone with it: what the first one does meanwhile is not written down.
    world.execute("UPDATE jobs SET lease = lease + 1 WHERE state = 'running'").await;
    // Its lease ends.
    world.clock.advance(11_000);
    let done = until(&world, &device, asked.id, JobState::Completed).await;
    let result = of_transfer(&done);
    assert_eq!(done.attempts, 2);
    assert_eq!((result.copied.files, result.renamed), (4_000, 1_334), "{result:?}");
    assert_eq!((result.same.files, result.failed.files), (0, 0));
    let copied = places.copied();
    assert_eq!(copied.len(), 1 + 4_000 + 1_334, "the folder, and each file once");
    assert!(copied.keys().all(|path| !path.contains("(3)")));
    for entry in entries(&world, &device, asked.id).await {
        let hash = blake3::hash(&copied[entry.target()]).to_hex();
        assert_eq!(entry.hash.as_deref(), Some(hash.as_str()), "{}", entry.path);
    }
}

async fn step(world: &World, device: &Device, id: JobId, step: JobStep) {
    world.backend.step_job(&device.visitor, id, step).await.unwrap();
}

async fn job_4_a_transfer_that_is_cancelled_leaves_no_part_of_a_file(mut world: World) {
    let places = Places::at(&mut world).await;
    places.large();
    let device = saved(&world).await;
    world.backend.start_working();
    // One that runs.
    let asked = ask(&world, &device, transfer(ConflictPolicy::Skip)).await;
    within(&world, &device, asked.id).await;
    step(&world, &device, asked.id, JobStep::Cancel).await;
    until(&world, &device, asked.id, JobState::Cancelled).await;
    assert_eq!(places.copied(), BTreeMap::new());
    // One that is paused, with a part of a file on the disk.
    step(&world, &device, asked.id, JobStep::Retry).await;
    within(&world, &device, asked.id).await;
    step(&world, &device, asked.id, JobStep::Pause).await;
    until(&world, &device, asked.id, JobState::Paused).await;
    assert_ne!(places.copied(), BTreeMap::new());
    step(&world, &device, asked.id, JobStep::Cancel).await;
    eventually("its part is removed", async || places.copied().is_empty()).await;
    // And one whose server is gone.
    step(&world, &device, asked.id, JobStep::Retry).await;
    within(&world, &device, asked.id).await;
    world.backend.close().await;
    world.restart().await;
    step(&world, &device, asked.id, JobStep::Cancel).await;
    assert_ne!(places.copied(), BTreeMap::new());
    world.backend.start_working();
    eventually("its part is removed at the next start", async || places.copied().is_empty()).await;
    world.backend.remove_job(&device.visitor, asked.id).await.unwrap();
}

async fn job_4_a_transfer_whose_location_is_gone_is_tried_again(mut world: World) {
    let places = Places::at(&mut world).await;
    places.write("a", b"a");
    let device = saved(&world).await;
    // The folder of the location is gone for now: a disk that is not mounted.
    let folder = places.to.path().to_owned();
    fs::remove_dir(&folder).unwrap();
    world.backend.start_working();
    let asked = ask(&world, &device, transfer(ConflictPolicy::Skip)).await;
    eventually("it is tried again", async || {
        let job = job(&world, &device, asked.id).await;
        job.fault.is_some_and(|fault| fault.code == "location_unavailable")
    })
    .await;
    fs::create_dir(&folder).unwrap();
    eventually("its time comes", async || {
        world.clock.advance(1_000);
        job(&world, &device, asked.id).await.state == JobState::Completed
    })
    .await;
    assert_eq!(places.copied()["a"], b"a");
}

async fn job_4_a_transfer_that_was_paused_goes_on_at_another_server(mut world: World) {
    let places = Places::at(&mut world).await;
    places.large();
    let device = saved(&world).await;
    world.backend.start_working();
    let asked = ask(&world, &device, transfer(ConflictPolicy::Skip)).await;
    let before = within(&world, &device, asked.id).await;
    step(&world, &device, asked.id, JobStep::Pause).await;
    until(&world, &device, asked.id, JobState::Paused).await;
    world.backend.close().await;
    world.restart().await;
    world.backend.start_working();
    assert_eq!(job(&world, &device, asked.id).await.state, JobState::Paused);
    step(&world, &device, asked.id, JobStep::Resume).await;
    until(&world, &device, asked.id, JobState::Completed).await;
    never_begun_again(&world, &device, asked.id, before).await;
    let done = job(&world, &device, asked.id).await;
    assert_eq!((of_transfer(&done).copied, done.attempts), (amount(1, 1 << 30), 2));
    assert_eq!(places.copied().len(), 1);
}
