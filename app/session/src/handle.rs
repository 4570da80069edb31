//! What stands behind [`crate::UseSession`]: the running session in the browser, nothing on the
//! server.

mod inert;
pub(crate) use inert::Handle;
