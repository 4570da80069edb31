//! The server's part of the table: Holdfast and the yardstick in turn, lap by lap, so that whatever else
//! the machine does meets both.

use std::path::Path;

use crate::large::{Large, Taken};
use crate::process::{Process, holdfast, yardstick};
use crate::row::Row;
use crate::samples::Samples;
use crate::saving::{CLIENTS, Crowd, Lap};
use crate::{starting, syncs};

/// How much is measured.
struct Extent {
    laps: usize,
    saves_each: usize,
    single_saves: usize,
    opens: usize,
    starts: usize,
}

const FULL: Extent = Extent { laps: 5, saves_each: 400, single_saves: 300, opens: 7, starts: 9 };
const QUICK: Extent = Extent { laps: 1, saves_each: 20, single_saves: 5, opens: 1, starts: 1 };

/// What is measured together.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    Saves,
    Sizes,
    Starts,
}

/// Everything, unless `only` names something.
pub async fn measure(program: &Path, to: &Path, quick: bool, only: &[Part]) -> anyhow::Result<()> {
    let extent = if quick { QUICK } else { FULL };
    let program = std::path::absolute(program)?;
    let data = tempfile::tempdir()?;
    let wanted = |part| only.is_empty() || only.contains(&part);
    let mut rows = Vec::new();
    if wanted(Part::Saves) {
        rows.extend(saves(&program, data.path(), &extent).await?);
    }
    if wanted(Part::Sizes) {
        rows.extend(sizes(&program, data.path(), &extent).await?);
    }
    if wanted(Part::Starts) {
        rows.push(starts(&program, data.path(), &extent).await?);
    }
    std::fs::write(to, serde_json::to_vec_pretty(&rows)?)?;
    Ok(())
}

async fn saves(program: &Path, data: &Path, extent: &Extent) -> anyhow::Result<Vec<Row>> {
    eprintln!("{CLIENTS} clients that save");
    let ours = Process::start(holdfast(program, data)).await?;
    let theirs = Process::start(yardstick(data)?).await?;
    let mut guests = Crowd::of_holdfast(&ours).await?;
    let mut appenders = Crowd::of_yardstick(&theirs).await?;
    // Connections, caches and sessions are there before it counts.
    guests.lap(&ours, extent.saves_each / 10).await?;
    appenders.lap(&theirs, extent.saves_each / 10).await?;
    let (mut rate, mut cpu) = (<[Samples; 2]>::default(), <[Samples; 2]>::default());
    let mut ratio = Samples::default();
    for _ in 0..extent.laps {
        let laps = [
            guests.lap(&ours, extent.saves_each).await?,
            appenders.lap(&theirs, extent.saves_each).await?,
        ];
        ratio.push(laps[0].per_second / laps[1].per_second);
        for (which, Lap { per_second, cpu_us, .. }) in laps.iter().enumerate() {
            rate[which].push(*per_second);
            cpu[which].push(*cpu_us);
        }
    }
    ours.stop().await?;
    theirs.stop().await?;

    let counts = data.join("syncs");
    let ours = Process::start(syncs::counted(holdfast(program, data), &counts)).await?;
    let guests = Crowd::of_holdfast(&ours).await?;
    let our_syncs = syncs::per_save(ours, guests, extent.saves_each, &counts).await?;
    let theirs = Process::start(syncs::counted(yardstick(data)?, &counts)).await?;
    let appenders = Crowd::of_yardstick(&theirs).await?;
    let their_syncs = syncs::per_save(theirs, appenders, extent.saves_each, &counts).await?;

    let yardstick = |of: String| format!("yardstick {of}");
    Ok(vec![
        Row::new(
            "acknowledged durable saves, 50 clients of ~300 bytes, over HTTP",
            "≥ 0.5 × the yardstick",
            format!("{} ×: {}/s", ratio.spread(2), rate[0].spread(0)),
            yardstick(format!("{}/s", rate[1].spread(0))),
            ratio.median() >= 0.5,
        ),
        Row::new(
            "the server's processor time for one of them",
            "≤ 60 µs",
            format!("{} µs", cpu[0].spread(0)),
            yardstick(format!("{} µs", cpu[1].spread(0))),
            cpu[0].median() <= 60.0,
        ),
        Row::new(
            "fsyncs for one of them",
            "≤ 0.1",
            format!("{our_syncs:.3}"),
            yardstick(format!("{their_syncs:.3}")),
            our_syncs <= 0.1,
        ),
    ])
}

async fn sizes(program: &Path, data: &Path, extent: &Extent) -> anyhow::Result<Vec<Row>> {
    let ours = Process::start(holdfast(program, data)).await?;
    let theirs = Process::start(yardstick(data)?).await?;
    let mut rows = Vec::new();
    for (megabytes, open_target) in [(10, 80.0), (50, 400.0)] {
        eprintln!("a session of {megabytes} MB");
        // What is saved after it still has to fit the limit of 50 MB.
        let mut large = Large::fill(&ours, &theirs, megabytes.min(49)).await?;
        let Taken { save, open, snapshot, bytes } =
            large.measure(extent.single_saves, extent.opens).await?;
        let yardstick = |taken: f64, digits: usize| format!("yardstick {taken:.digits$} ms");
        rows.push(Row::new(
            &format!("one save in a session of {megabytes} MB, p50"),
            "≤ 1 ms",
            format!("{:.2} ms", save.0),
            yardstick(save.1, 2),
            save.0 <= 1.0,
        ));
        rows.push(Row::new(
            &format!("open a session of {megabytes} MB, bytes to the client, decrypted"),
            &format!("≤ {open_target} ms"),
            format!("{:.0} ms for {:.1} MB", open.0, bytes as f64 / 1e6),
            format!("{} without encryption", yardstick(open.1, 0)),
            open.0 <= open_target,
        ));
        rows.push(Row::new(
            &format!("create a snapshot at {megabytes} MB"),
            "≤ 5 ms",
            format!("{snapshot:.2} ms"),
            String::new(),
            snapshot <= 5.0,
        ));
    }
    ours.stop().await?;
    theirs.stop().await?;
    Ok(rows)
}

async fn starts(program: &Path, data: &Path, extent: &Extent) -> anyhow::Result<Row> {
    eprintln!("starting");
    let starts = starting::measure(program, data, extent.starts).await?;
    let [started, idle] = [&starts.started, &starts.idle];
    Ok(Row::new(
        "start to first answer / idle memory",
        "≤ 50 ms / ≤ 20 MB",
        format!("{} ms / {:.1} MB", started[0].spread(0), idle[0].median()),
        format!("yardstick {} ms / {:.1} MB", started[1].spread(0), idle[1].median()),
        started[0].median() <= 50.0 && idle[0].median() <= 20.0,
    ))
}
