//! Somebody with an address and a password, at one browser or another.

use holdfast_backend::{Backend, Visitor};
use holdfast_domain::Result;
use holdfast_domain::account::GuestWork;

use super::World;

pub(crate) const EMAIL: &str = "ada@example.org";
pub(crate) const PASSWORD: &str = "correct horse battery";
pub(crate) const DEVICE: &str = "Firefox on a laptop";

impl World {
    /// A guest's browser becomes that of somebody with this address.
    pub(crate) async fn register(&self, visitor: &Visitor, email: &str) -> Visitor {
        let token = self.backend.register(visitor, email, PASSWORD, DEVICE).await.unwrap();
        self.backend.visitor(token.as_str()).unwrap()
    }

    /// Somebody new with this address, at a new browser.
    pub(crate) async fn person(&self, email: &str) -> Visitor {
        self.register(&self.guest().await, email).await
    }

    /// Signs in at a new browser.
    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> Result<Visitor> {
        sign_in(&self.backend, &self.guest().await, email, password, GuestWork::Leave).await
    }
}

/// Signs in at a browser that is there already.
pub(crate) async fn sign_in(
    backend: &Backend,
    visitor: &Visitor,
    email: &str,
    password: &str,
    guest_work: GuestWork,
) -> Result<Visitor> {
    let token = backend.sign_in(visitor, email, password, guest_work, DEVICE, false).await?;
    backend.visitor(token.as_str())
}
