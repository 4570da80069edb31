//! Places outside of sessions that an operator lets people work with: named, each for all accounts or for some.

mod folder;
mod path;
mod writing;

use std::collections::BTreeMap;
use std::path::PathBuf;

use holdfast_domain::id::AccountId;
use holdfast_domain::location::{FolderListing, LocationSummary, Place};
use holdfast_domain::{Error, Result};
use sqlx::AnyConnection;

use crate::store::Store;
use crate::{Backend, Visitor};
pub(crate) use folder::{Folder, WORK, since_epoch_ms};
pub(crate) use path::{check_path, joined};
pub(crate) use writing::Found;

/// Folders, and files, of a folder that are shown.
const SHOWN: usize = 1_000;

/// A place, as the operator says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// What people call it.
    pub name: String,
    /// Where it is.
    pub folder: PathBuf,
    /// Whether it may be written to.
    pub writable: bool,
    /// The addresses of those who may use it; empty: everybody.
    pub accounts: Vec<String>,
}

impl Location {
    fn is_for(&self, email: Option<&str>) -> bool {
        let same = |one: &String| email.is_some_and(|email| one.eq_ignore_ascii_case(email));
        self.accounts.is_empty() || self.accounts.iter().any(same)
    }
}

/// All of them, by their names.
#[derive(Default)]
pub(crate) struct Locations(BTreeMap<String, Location>);

impl Locations {
    pub(crate) fn new(all: Vec<Location>) -> Self {
        Self(all.into_iter().map(|location| (location.name.clone(), location)).collect())
    }
}

impl Store {
    /// The location with this name, if the account may use it.
    ///
    /// # Errors
    /// `InvalidValue` of `location`, also where there is none.
    pub(crate) async fn location(
        &self,
        connection: &mut AnyConnection,
        account: Option<AccountId>,
        name: &str,
    ) -> Result<&Location> {
        let email = self.email_of(connection, account).await?;
        let location = self.locations.0.get(name).filter(|one| one.is_for(email.as_deref()));
        location.ok_or_else(|| Error::InvalidValue {
            field: "location".into(),
            reason: "There is no such location.".into(),
        })
    }
}

impl Store {
    /// A place that the account may use, its path as it is kept; `field` says which one an error is about.
    ///
    /// # Errors
    /// `InvalidValue` of `field`.
    pub(crate) async fn check_place(
        &self,
        connection: &mut AnyConnection,
        account: AccountId,
        place: Place,
        (field, written): (&str, bool),
    ) -> Result<Place> {
        let of_field = |error| match error {
            Error::InvalidValue { reason, .. } => {
                Error::InvalidValue { field: field.into(), reason }
            }
            other => other,
        };
        let location = self.location(connection, Some(account), &place.location).await;
        let location = location.map_err(of_field)?;
        if written && !location.writable {
            let reason = "This location may only be read.".into();
            return Err(Error::InvalidValue { field: field.into(), reason });
        }
        let path = check_path(&place.path).map_err(of_field)?;
        Ok(Place { path, ..place })
    }
}

/// For somebody who looks.
fn shortened(mut listed: FolderListing) -> FolderListing {
    let rest = |length: usize| length.saturating_sub(SHOWN) as u64;
    listed.more = rest(listed.folders.len()) + rest(listed.files.len());
    listed.folders.truncate(SHOWN);
    listed.files.truncate(SHOWN);
    listed
}

impl Backend {
    /// The locations that the visitor may use, by their names.
    ///
    /// # Errors
    /// `NotSignedIn`, `Unavailable`.
    pub async fn locations(&self, visitor: &Visitor) -> Result<Vec<LocationSummary>> {
        let mut connection = self.store.database.read().await?;
        let account = self.store.account(&mut connection, visitor).await?;
        let email = self.store.email_of(&mut connection, account).await?;
        let own = self.store.locations.0.values().filter(|one| one.is_for(email.as_deref()));
        let summary = |location: &Location| LocationSummary {
            name: location.name.clone(),
            writable: location.writable,
        };
        Ok(own.map(summary).collect())
    }

    /// What is in a folder of a location.
    ///
    /// # Errors
    /// `InvalidValue` of `location` or `path`, `NotFound` (no such folder), `NotSignedIn`, `Unavailable`.
    pub async fn list_folder(
        &self,
        visitor: &Visitor,
        location: &str,
        path: &str,
    ) -> Result<FolderListing> {
        let path = check_path(path)?;
        let mut connection = self.store.database.read().await?;
        let account = self.store.account(&mut connection, visitor).await?;
        let location = self.store.location(&mut connection, account, location).await?;
        let folder = Folder::open(location).map_err(|_| Error::Unavailable)?;
        drop(connection);
        let listed = crate::blocking::on_thread(move || folder.list(&path)).await?;
        listed.map(shortened).map_err(|cause| match cause.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => Error::NotFound,
            _ => Error::Unavailable,
        })
    }
}
