//! The server functions of accounts. Those with a form of their own speak as forms do, so that they work without
//! JavaScript.

use holdfast_domain::account::{Account, SignedIn};
use holdfast_domain::audit::{AuditEntry, AuditKind};
use holdfast_domain::id::{SessionId, SignInId};
use leptos::prelude::*;
use leptos::server_fn::codec::{Json, PostUrl};

use crate::Fault;
use crate::on_page::OnPage;

#[cfg(feature = "ssr")]
pub use mail::{SendLink, ToMail};

/// Gives the guest's account an address and a password.
///
/// # Errors
/// `InvalidValue`, `Conflict`, `RateLimited`, `StorageFull`, `Unavailable`.
#[server(endpoint = "register", input = PostUrl, output = Json, client = OnPage)]
pub async fn register(
    /// The address.
    email: String,
    /// The password.
    password: String,
) -> Result<Account, Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    let device = crate::caller::device();
    let token = backend.register(&visitor, &email, &password, &device).await?;
    signed_in(&backend, &token).await
}

/// Signs the browser in.
///
/// # Errors
/// `WrongCredentials`, `AccountDisabled`, `AccountDeleting`, `RateLimited`, `StorageFull`, `Unavailable`.
#[server(endpoint = "sign_in", input = PostUrl, output = Json, client = OnPage)]
pub async fn sign_in(
    /// The address.
    email: String,
    /// The password.
    password: String,
    /// What the guest of this browser made becomes the account's.
    #[server(default)]
    bring: Option<String>,
    /// An account that is to be deleted stays.
    #[server(default)]
    keep: Option<String>,
) -> Result<Account, Fault> {
    use holdfast_domain::account::GuestWork;

    let (backend, visitor) = crate::caller::caller()?;
    let device = crate::caller::device();
    let guest_work = if bring.is_some() { GuestWork::Bring } else { GuestWork::Leave };
    let keep = keep.is_some();
    let token = backend.sign_in(&visitor, &email, &password, guest_work, &device, keep).await?;
    signed_in(&backend, &token).await
}

/// Signs the browser out.
///
/// # Errors
/// `NotSignedIn`, `StorageFull`, `Unavailable`.
#[server(endpoint = "sign_out", input = PostUrl, output = Json, client = OnPage)]
pub async fn sign_out() -> Result<(), Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    let token = backend.sign_out(&visitor).await?;
    crate::caller::set_cookie(&token)?;
    crate::caller::go_on_at("/");
    Ok(())
}

/// Sets another password, and signs all other browsers out.
///
/// # Errors
/// `NotSignedIn`, `InvalidValue`, `RateLimited`, `StorageFull`, `Unavailable`.
#[server(endpoint = "change_password", input = PostUrl, output = Json, client = OnPage)]
pub async fn change_password(
    /// The password until now.
    current: String,
    /// The new one.
    password: String,
) -> Result<(), Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    Ok(backend.change_password(&visitor, &current, &password).await?)
}

/// Has a link to set a new password sent to an address, if it is somebody's: the answer does not tell. `false`: this
/// server sends no mail.
///
/// # Errors
/// `InvalidValue`, `Unavailable`.
#[server(endpoint = "ask_reset", input = PostUrl, output = Json, client = OnPage)]
pub async fn ask_reset(
    /// The address.
    email: String,
) -> Result<bool, Fault> {
    let (backend, _) = crate::caller::caller()?;
    let email = holdfast_domain::account::check_email(&email)?;
    let mails = mail::send(backend, email);
    crate::caller::go_on_at(if mails { "/reset?asked=sent" } else { "/reset?asked=no_mail" });
    Ok(mails)
}

/// Sets a new password by a link, and signs the browser in.
///
/// # Errors
/// `LinkExpired`, `InvalidValue`, `AccountDisabled`, `RateLimited`, `StorageFull`, `Unavailable`.
#[server(endpoint = "reset_password", input = PostUrl, output = Json, client = OnPage)]
pub async fn reset_password(
    /// What the link carried.
    token: String,
    /// The new password.
    password: String,
) -> Result<Account, Fault> {
    use holdfast_backend::NewPassword;

    let (backend, visitor) = crate::caller::caller()?;
    let device = crate::caller::device();
    let new = NewPassword { token: &token, password: &password, device: &device };
    let token = backend.reset_password(&visitor, new).await?;
    signed_in(&backend, &token).await
}

/// Has the account deleted when the grace time is over, and signs all browsers out.
///
/// # Errors
/// `NotSignedIn`, `InvalidValue`, `RateLimited`, `StorageFull`, `Unavailable`.
#[server(endpoint = "delete_account", input = PostUrl, output = Json, client = OnPage)]
pub async fn delete_account(
    /// The password.
    password: String,
) -> Result<(), Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    let token = backend.delete_account(&visitor, &password).await?;
    crate::caller::set_cookie(&token)?;
    crate::caller::go_on_at("/");
    Ok(())
}

/// The browsers that are signed in.
///
/// # Errors
/// `NotSignedIn`, `Unavailable`.
#[server(endpoint = "list_sign_ins", input = Json, output = Json, client = OnPage)]
pub async fn list_sign_ins() -> Result<Vec<SignedIn>, Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    Ok(backend.sign_ins(&visitor).await?)
}

/// Signs another browser out.
///
/// # Errors
/// `NotSignedIn`, `NotFound`, `StorageFull`, `Unavailable`.
#[server(endpoint = "end_sign_in", input = Json, output = Json, client = OnPage)]
pub async fn end_sign_in(
    /// The sign-in.
    sign_in: SignInId,
) -> Result<(), Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    Ok(backend.end_sign_in(&visitor, sign_in).await?)
}

/// Signs all other browsers out; how many.
///
/// # Errors
/// `NotSignedIn`, `StorageFull`, `Unavailable`.
#[server(endpoint = "end_other_sign_ins", input = Json, output = Json, client = OnPage)]
pub async fn end_other_sign_ins() -> Result<u64, Fault> {
    let (backend, visitor) = crate::caller::caller()?;
    Ok(backend.end_other_sign_ins(&visitor).await?)
}

/// What happened to the account and its sessions, newest first, a hundred entries at most.
///
/// # Errors
/// `NotSignedIn`, `Unavailable`.
#[server(endpoint = "list_audit", input = Json, output = Json, client = OnPage)]
pub async fn list_audit(
    /// Of this kind only.
    kind: Option<AuditKind>,
    /// Of this session only.
    session: Option<SessionId>,
    /// Not before this time, server milliseconds since the Unix epoch.
    from_ms: Option<i64>,
    /// Older than this entry.
    before: Option<i64>,
) -> Result<Vec<AuditEntry>, Fault> {
    use holdfast_backend::AuditFilter;

    let (backend, visitor) = crate::caller::caller()?;
    let filter = AuditFilter { kind, session, from_ms, until_ms: None, before };
    Ok(backend.audit(&visitor, &filter).await?)
}

/// Gives the browser its token; who it is now.
#[cfg(feature = "ssr")]
async fn signed_in(
    backend: &holdfast_backend::Backend,
    token: &holdfast_backend::Token,
) -> Result<Account, Fault> {
    let visitor = backend.visitor(token.as_str())?;
    let account = backend.who(&visitor).await?.ok_or(holdfast_domain::Error::Internal)?;
    crate::caller::set_cookie(token)?;
    crate::caller::go_on_at("/");
    Ok(account)
}

#[cfg(feature = "ssr")]
mod mail {
    //! Sending the link.

    use std::sync::Arc;

    use holdfast_backend::Backend;
    use leptos::prelude::use_context;

    /// Makes a link for an address, if it is somebody's, and sends it there; behind the answer, so that the time it
    /// takes does not tell.
    pub type SendLink = dyn Fn(Backend, String) + Send + Sync;

    /// Sends links by mail, where the server can; to be provided as a Leptos context for server functions.
    #[derive(Clone)]
    pub struct ToMail(pub Option<Arc<SendLink>>);

    /// Whether mail is sent at all.
    pub(super) fn send(backend: Backend, email: String) -> bool {
        let send = use_context::<ToMail>().and_then(|ToMail(send)| send);
        send.is_some_and(|send| {
            send(backend, email);
            true
        })
    }
}
