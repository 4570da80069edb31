//! Futures in the browser's one thread.

use std::future::{Future, ready};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;

/// Runs a future up to its first wait before it returns, so that what it asks for first is asked in
/// this very task and not in a later one; then goes on by itself.
pub(crate) fn spawn_now(future: impl Future<Output = ()> + 'static) {
    spawn_local(issued(future));
}

/// A future that has already run up to its first wait.
pub(crate) fn issued<T: 'static>(
    future: impl Future<Output = T> + 'static,
) -> Pin<Box<dyn Future<Output = T>>> {
    let mut future = Box::pin(future);
    // Whoever awaits the result polls again and is woken then: no wake-up is lost with this waker.
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Box::pin(ready(value)),
        Poll::Pending => future,
    }
}

/// Ends after so many milliseconds.
pub(crate) fn sleep(milliseconds: u32) -> Pin<Box<dyn Future<Output = ()>>> {
    Box::pin(TimeoutFuture::new(milliseconds))
}
