//! The last line of CTX-7: a program that panicked never leaves a page that says *Saved*.

#[cfg(feature = "hydrate")]
mod dead;

#[cfg(feature = "hydrate")]
pub(crate) use dead::is_dead;

/// Installs the panic hook: the page shows *Not saved*, takes no more input and offers to reload.
/// Inert on the server.
pub fn install_panic_hook() {
    #[cfg(feature = "hydrate")]
    dead::install();
}
