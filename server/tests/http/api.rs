//! The HTTP API.

mod callers;
mod contexts;
mod events;
mod finding;
mod rates;
mod repeating;
mod tokens;
mod trust;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::harness::Server;

/// Every route of the document, as `METHOD /path`.
pub(crate) async fn routes(server: &Server) -> BTreeSet<String> {
    let document: Value = server.get("/api/openapi.json", &[]).await.json();
    let paths = document["paths"].as_object().unwrap();
    let methods = |(path, item): (&String, &Value)| {
        let methods = item.as_object().unwrap().keys().map(|method| method.to_uppercase());
        methods.map(|method| format!("{method} {path}")).collect::<Vec<_>>()
    };
    paths.iter().flat_map(methods).collect()
}
