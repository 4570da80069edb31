//! The body of a request, read whole within bounds before anybody looks at it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::Request;
use futures::StreamExt;
use holdfast_domain::Error;
use http::header::CONTENT_LENGTH;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How large a body may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit {
    /// For the person.
    pub(super) what: &'static str,
    pub(super) bytes: usize,
}

/// A connection that brings nothing for so long is given up...
const SILENCE: Duration = Duration::from_secs(20);
/// ...and so is one that after this long...
const PATIENCE: Duration = Duration::from_secs(60);
/// ...has brought less than this in each second: 50 MB over a slow line are minutes, not days.
const LEAST_RATE: u64 = 8 * 1024;
/// The bodies of all requests together, while they are read and worked on: five whole contexts.
const ALL_BYTES: usize = 256 << 20;
/// They are counted in these.
const UNIT_BYTES: usize = 1024;

/// What is left of [`ALL_BYTES`].
#[derive(Clone)]
pub(crate) struct Budget(Arc<Semaphore>);

impl Default for Budget {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(ALL_BYTES / UNIT_BYTES)))
    }
}

/// A body, and what it takes of the budget.
struct Kept {
    bytes: Vec<u8>,
    share: Option<OwnedSemaphorePermit>,
    units: usize,
}

impl Kept {
    /// `Unavailable` where too much is being read already.
    fn push(&mut self, chunk: &[u8], Budget(left): &Budget) -> Result<(), Error> {
        let units = (self.bytes.len() + chunk.len()).div_ceil(UNIT_BYTES) - self.units;
        let more = u32::try_from(units).map_err(|_| Error::Unavailable)?;
        let more = left.clone().try_acquire_many_owned(more).map_err(|_| Error::Unavailable)?;
        match &mut self.share {
            Some(share) => share.merge(more),
            None => self.share = Some(more),
        }
        self.units += units;
        self.bytes.extend_from_slice(chunk);
        Ok(())
    }
}

impl Budget {
    /// The same request with its body whole, and its share of the budget, to be held while it is worked on.
    pub(super) async fn read(
        &self,
        limit: Limit,
        request: Request,
    ) -> Result<(Request, impl Sized + use<>), Error> {
        let (parts, body) = request.into_parts();
        let announced = parts.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
        let announced = announced.and_then(|length| length.parse().ok()).unwrap_or(0);
        let Kept { bytes, share, .. } = collect(body, announced, limit, self).await?;
        Ok((Request::from_parts(parts, Bytes::from(bytes).into()), share))
    }
}

async fn collect(
    body: Body,
    announced: usize,
    limit: Limit,
    budget: &Budget,
) -> Result<Kept, Error> {
    let begun = Instant::now();
    let mut chunks = body.into_data_stream();
    let mut kept = Kept { bytes: Vec::new(), share: None, units: 0 };
    let mut seen = 0_usize;
    // Somewhat more than is allowed is read and dropped: a client that still sends reads no answer.
    while seen <= limit.bytes.saturating_mul(2) {
        let chunk = tokio::time::timeout(patience(begun.elapsed(), seen), chunks.next()).await;
        match chunk.map_err(|_| Error::malformed("the request did not arrive"))? {
            Some(chunk) => {
                let chunk =
                    chunk.map_err(|_| Error::malformed("the request did not arrive whole"))?;
                seen = seen.saturating_add(chunk.len());
                if seen.max(announced) <= limit.bytes {
                    kept.push(&chunk, budget)?;
                } else {
                    kept = Kept { bytes: Vec::new(), share: None, units: 0 };
                }
            }
            None if seen <= limit.bytes => return Ok(kept),
            None => break,
        }
    }
    Err(Error::limit(limit.what, limit.bytes, seen.max(announced)))
}

/// How long to wait for more, when so much came so far.
fn patience(elapsed: Duration, seen: usize) -> Duration {
    let seen = u64::try_from(seen).unwrap_or(u64::MAX);
    (PATIENCE + Duration::from_secs(seen / LEAST_RATE)).saturating_sub(elapsed).min(SILENCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sync_5_a_body_has_to_arrive() {
        let seconds = Duration::from_secs;
        assert_eq!(patience(seconds(0), 0), SILENCE);
        // Slowly, but well enough; by drops.
        assert_eq!(patience(seconds(600), 6_000_000), SILENCE);
        assert_eq!(patience(seconds(600), 30), Duration::ZERO);
        assert_eq!(patience(seconds(55), 30), seconds(5));
    }

    #[tokio::test]
    async fn sync_5_bodies_share_a_budget() {
        let limit = Limit { what: "request bytes", bytes: 1 << 20 };
        let budget = Budget(Arc::new(Semaphore::new(100)));
        let body = |bytes: usize| Body::from(vec![0; bytes]);
        let first = collect(body(60 * UNIT_BYTES), 0, limit, &budget).await.unwrap();
        assert_eq!(first.bytes.len(), 60 * UNIT_BYTES);
        let second = collect(body(60 * UNIT_BYTES), 0, limit, &budget).await;
        assert!(matches!(second, Err(Error::Unavailable)));
        // What was refused gave back what it had, and so does what is done.
        let small = collect(body(40 * UNIT_BYTES), 0, limit, &budget).await.unwrap();
        drop((first, small));
        let Budget(left) = &budget;
        assert_eq!(left.available_permits(), 100);
    }
}
