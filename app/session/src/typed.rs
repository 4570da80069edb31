//! What was typed before the page was hydrated (CTX-8).

/// Remembers, for each `input`, `textarea` and `select` with a `data-path`, how it differs from what
/// the server rendered. To be called before hydrating; the bindings apply it as an edit once the
/// journal is read. Inert on the server.
pub fn capture_typed() {}
