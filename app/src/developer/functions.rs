//! The server function of the developer controls.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::Fault;
use crate::on_page::OnPage;

/// Ends this browser's sign-in, as its age would; a guest's cookie is lost.
///
/// # Errors
/// `NotFound` where the operator has not switched developer controls on; `StorageFull`, `Unavailable`.
#[server(endpoint = "expire_sign_in", input = Json, output = Json, client = OnPage)]
pub async fn expire_sign_in() -> Result<(), Fault> {
    use holdfast_domain::Error;

    use crate::setup::Setup;

    let (backend, visitor) = crate::caller::caller()?;
    if !use_context::<Setup>().is_some_and(|setup| setup.developer) {
        return Err(Error::NotFound.into());
    }
    match backend.who(&visitor).await? {
        None => crate::caller::set_cookie(&backend.issue_token())?,
        Some(_) => {
            let all = backend.sign_ins(&visitor).await?;
            let own = all.iter().find(|one| one.current).ok_or(Error::NotSignedIn)?;
            backend.end_sign_in(&visitor, own.id).await?;
        }
    }
    Ok(())
}
