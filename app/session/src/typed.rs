//! What was typed before the page was hydrated (CTX-8).

#[cfg(feature = "hydrate")]
mod capture;
#[cfg(any(feature = "hydrate", test))]
mod reading;

#[cfg(feature = "hydrate")]
pub(crate) use capture::take_captured;

/// Remembers, for each `input`, `textarea` and `select` with a `data-path`, how it differs from what
/// the server rendered. To be called before hydrating; the session applies it as edits once the
/// journal is read. Inert on the server.
pub fn capture_typed() {
    #[cfg(feature = "hydrate")]
    capture::capture();
}
