//! What stands behind [`crate::UseSession`]: the running session in the browser, nothing on the
//! server.

#[cfg(not(feature = "hydrate"))]
mod inert;
#[cfg(feature = "hydrate")]
mod running;

#[cfg(not(feature = "hydrate"))]
pub(crate) use inert::Handle;
#[cfg(feature = "hydrate")]
pub(crate) use running::Handle;
