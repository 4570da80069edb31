//! Sessions of many megabytes: a save, the opening and a snapshot must not depend on the size.

use std::time::Instant;

use crate::edits::Author;
use crate::guest::Guest;
use crate::process::Process;
use crate::samples::Samples;
use crate::saving::{Appender, Saver};

/// Characters of one of the edits that fill a session.
const CHUNK: usize = 64 << 10;

/// The same content in both.
pub struct Large {
    guest: Guest,
    appender: Appender,
    author: Author,
    bytes: usize,
}

/// Medians in milliseconds, of Holdfast and of the yardstick.
pub struct Taken {
    pub save: (f64, f64),
    pub open: (f64, f64),
    pub snapshot: f64,
    /// How many bytes came to the client.
    pub bytes: usize,
}

impl Large {
    /// Fills a session of each with so many bytes.
    pub async fn fill(
        holdfast: &Process,
        yardstick: &Process,
        megabytes: usize,
    ) -> anyhow::Result<Self> {
        let mut large = Self {
            guest: Guest::visit(&holdfast.address).await?,
            appender: Appender::new(&yardstick.address, &format!("large{megabytes}")).await?,
            author: Author::new(),
            bytes: megabytes * 1_000_000,
        };
        let mut filled = 0;
        while filled + CHUNK + 200 <= large.bytes {
            let update = large.author.write(CHUNK)?;
            filled += update.len();
            large.guest.save(update.clone()).await?;
            large.appender.save(update).await?;
        }
        // A base is written in the background of what came last.
        holdfast.quiet().await?;
        Ok(large)
    }

    pub async fn measure(&mut self, saves: usize, opens: usize) -> anyhow::Result<Taken> {
        let (mut save, mut open) = (<[Samples; 2]>::default(), <[Samples; 2]>::default());
        for _ in 0..saves {
            let update = self.author.write(100)?;
            save[0].add(timed(self.guest.save(update.clone())).await?.1);
            save[1].add(timed(self.appender.save(update)).await?.1);
        }
        let mut snapshot = Samples::default();
        for _ in 0..saves.min(50) {
            snapshot.add(timed(self.guest.snapshot()).await?.1);
        }
        let mut bytes = 0;
        for _ in 0..opens {
            let (came, taken) = timed(self.guest.open()).await?;
            anyhow::ensure!(came + CHUNK * 2 >= self.bytes, "all of it came: {came}");
            (bytes, _) = (came, open[0].add(taken));
            open[1].add(timed(self.appender.open()).await?.1);
        }
        let both = |of: [Samples; 2]| (of[0].median(), of[1].median());
        Ok(Taken { save: both(save), open: both(open), snapshot: snapshot.median(), bytes })
    }
}

async fn timed<T>(
    what: impl Future<Output = anyhow::Result<T>>,
) -> anyhow::Result<(T, std::time::Duration)> {
    let begun = Instant::now();
    let answer = what.await?;
    Ok((answer, begun.elapsed()))
}
