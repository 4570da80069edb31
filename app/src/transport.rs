//! The session layer's way to the server: our server functions.

#[cfg(feature = "hydrate")]
mod leaving;
mod server_functions;

pub(crate) use server_functions::ServerFunctions;
