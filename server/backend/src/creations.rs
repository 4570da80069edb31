//! Who is counted for what they make (SEC-4): sessions by account, guests by address.

use std::net::IpAddr;

use holdfast_domain::id::AccountId;

/// Each by itself.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum By {
    Account(AccountId),
    Address(IpAddr),
}

/// What was made lately.
pub(crate) type Creations = crate::Limiter<By>;
