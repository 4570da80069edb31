//! Waiting, but not for ever.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

/// The answer of `future`, or `None` where `timeout` is over first. `future` is polled first.
pub(crate) async fn race<T>(
    future: impl Future<Output = T>,
    timeout: impl Future<Output = ()>,
) -> Option<T> {
    let mut future = pin!(future);
    let mut timeout = pin!(timeout);
    poll_fn(|context| {
        if let Poll::Ready(answer) = future.as_mut().poll(context) {
            return Poll::Ready(Some(answer));
        }
        timeout.as_mut().poll(context).map(|()| None)
    })
    .await
}
