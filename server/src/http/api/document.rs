//! The document of the API (OpenAPI 3.1), and a page to read it. Both are in the program: nothing is loaded from
//! elsewhere.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use utoipa::OpenApi;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi as Document, Ref, RefOr, ResponseBuilder};
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::named::{IdName, SessionName};
use super::problem::{self, MEDIA_TYPE, SCHEMA};
use crate::AppState;

/// Where the document is.
const DOCUMENT: &str = "/api/openapi.json";
/// Where the page is that shows it.
const PAGE: &str = "/api/docs";

/// Its scripts and styles are files of ours; it draws its icons itself, and styles what it draws.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// What any call may be answered with.
const PROBLEMS: [(StatusCode, &str); 15] = [
    (StatusCode::BAD_REQUEST, "The request cannot be read: `invalid_id`, `malformed`"),
    (StatusCode::UNAUTHORIZED, "Nobody is signed in: `not_signed_in`, `wrong_credentials`"),
    (StatusCode::FORBIDDEN, "It may not be: `account_disabled`, `cross_site`"),
    (
        StatusCode::NOT_FOUND,
        "There is no such thing, or it is another's: `not_found`, `no_active_session`",
    ),
    (StatusCode::METHOD_NOT_ALLOWED, "The route is for other methods: `method_not_allowed`"),
    (
        StatusCode::CONFLICT,
        "The state does not allow it: `conflict`, `archived`, `account_deleting`, `in_progress`",
    ),
    (StatusCode::GONE, "It was deleted: `gone`"),
    (StatusCode::PRECONDITION_FAILED, "It changed since it was read: `changed`"),
    (StatusCode::PAYLOAD_TOO_LARGE, "It is over a limit: `limit_exceeded`"),
    (StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body is of another type: `unsupported_media_type`"),
    (
        StatusCode::UNPROCESSABLE_ENTITY,
        "A value is not right: `invalid_value`, `schema`, `bad_import`, `key_reused`",
    ),
    (StatusCode::TOO_MANY_REQUESTS, "Too many calls, see `Retry-After`: `rate_limited`"),
    (StatusCode::INTERNAL_SERVER_ERROR, "Our fault: `internal`, `damaged`"),
    (StatusCode::SERVICE_UNAVAILABLE, "Not now, see `Retry-After`: `unavailable`"),
    (StatusCode::INSUFFICIENT_STORAGE, "The disk is full; nothing was changed: `storage_full`"),
];

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Holdfast",
        description = "Sessions that cannot be lost: what the pages do, for programs.\n\n\
            Times are milliseconds since the Unix epoch. Errors are `application/problem+json` (RFC 9457) with a \
            `code` that stays. `active` in place of a session's id means the active session that was most recently \
            used by a person; `Content-Location` says which one that is."
    ),
    tags(
        (name = "sign-in", description = "Tokens and accounts"),
        (name = "account", description = "The account that asks"),
        (name = "sessions", description = "Sessions and their life"),
        (name = "context", description = "What is in a session"),
        (name = "snapshots", description = "Restore points"),
        (name = "jobs", description = "Long work that the server does"),
        (name = "events", description = "What happens, as it happens")
    ),
    components(schemas(SessionName, IdName)),
    security(("token" = []), ("cookie" = []))
)]
struct Frame;

/// What stands around the routes.
pub(super) fn frame() -> Document {
    Frame::openapi()
}

/// The document, with what is true of all routes.
pub(super) fn document() -> Document {
    let mut document = super::routes().into_openapi();
    let components = document.components.get_or_insert_default();
    components.schemas.insert(SCHEMA.into(), problem::schema());
    let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT");
    let token = SecurityScheme::Http(token.build());
    components.add_security_scheme("token", token);
    let cookie = ApiKeyValue::with_description("__Host-holdfast", "A browser of our own pages");
    components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    for (path, item) in &mut document.paths.paths {
        let operations = [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("put", &mut item.put),
            ("delete", &mut item.delete),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                complete(operation, method, path);
            }
        }
    }
    document
}

/// A name of its own, words for what went well, and what may go wrong.
fn complete(operation: &mut Operation, method: &str, path: &str) {
    let words =
        path.split(|char: char| !char.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<&str> = std::iter::once(method).chain(words.skip(1)).collect();
    operation.operation_id = Some(words.join("_"));
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response
            && response.description.is_empty()
        {
            response.description = "Done.".into();
        }
    }
    for (status, description) in PROBLEMS {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(SCHEMA))).build();
        let problem =
            ResponseBuilder::new().description(description).content(MEDIA_TYPE, content).build();
        operation.responses.responses.entry(status.as_str().into()).or_insert(problem.into());
    }
}

static WRITTEN: LazyLock<String> = LazyLock::new(|| document().to_json().unwrap_or_default());

pub(super) fn router() -> Router<AppState> {
    let page = SwaggerUi::new(PAGE).config(Config::from(DOCUMENT).try_it_out_enabled(false));
    let page = Router::from(page).layer(from_fn(policy));
    Router::new()
        .route(DOCUMENT, get(async || ([(CONTENT_TYPE, "application/json")], WRITTEN.as_str())))
        .merge(page)
}

async fn policy(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await.into_response();
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}
