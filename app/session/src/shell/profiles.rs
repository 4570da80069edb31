//! Whose data of this device is whose (TAB-7). A profile is a set of journals; a guest has one, and each account that
//! was signed in to here another. Nobody opens that of somebody else.

use gloo_storage::{LocalStorage, Storage};
use holdfast_domain::Environment;
use holdfast_domain::account::PageOf;
use holdfast_domain::id::AccountId;
use indexed_db_futures::database::Database;

use crate::browser::{
    Browser, get_local, has_local_storage, local_keys, set_local, with_free_lock,
};
use crate::typed::FIRST_PROFILE;

/// Who was here last, for a page whose server could not say who is.
const LAST: &str = "holdfast.whose";
/// That of the device's guest; followed by a dot and an account, that of the account.
const PROFILE: &str = "holdfast.profile";
/// Profiles that are to go, a JSON list.
const FORGOTTEN: &str = "holdfast.forgotten";

/// Whose page it is: as the server said, else whose the last one was.
pub(crate) fn page_of(said: Option<PageOf>) -> PageOf {
    match said {
        Some(page) => {
            set_local(LAST, &page.to_string());
            page
        }
        None => last().unwrap_or(PageOf::Guest),
    }
}

/// Whose the page is that was loaded last on this device; `None` where that is not known.
pub(crate) fn last() -> Option<PageOf> {
    get_local(LAST).and_then(|text| PageOf::parse(&text).ok())
}

fn key(page: PageOf) -> String {
    match page {
        PageOf::Guest => PROFILE.into(),
        PageOf::Account(account) => format!("{PROFILE}.{account}"),
    }
}

/// The profile of whoever it is; made where there is none.
pub(super) fn profile(page: PageOf) -> String {
    let usable = |profile: &String| {
        !profile.is_empty()
            && profile.len() <= 64
            && profile
                .chars()
                .all(|character| character.is_ascii_alphanumeric() || character == '-')
    };
    let key = key(page);
    get_local(&key).filter(usable).unwrap_or_else(|| {
        let profile = match page {
            PageOf::Guest => FIRST_PROFILE.into(),
            // The same in two tabs that come first, and found again where localStorage was cleared.
            PageOf::Account(account) => account.to_string(),
        };
        set_local(&key, &profile);
        profile
    })
}

/// The guest's data becomes that of an account, and the next guest begins with nothing. Where the account has data
/// of its own here, that stays, and the guest's does.
pub(crate) fn give_to(account: AccountId) {
    let theirs = key(PageOf::Account(account));
    if get_local(&theirs).is_some() {
        return;
    }
    set_local(&theirs, &profile(PageOf::Guest));
    set_local(PROFILE, &Browser.uuid().to_string());
}

fn forgotten() -> Vec<String> {
    if has_local_storage() { LocalStorage::get(FORGOTTEN).unwrap_or_default() } else { Vec::new() }
}

fn set_forgotten(profiles: &[String]) {
    if has_local_storage() {
        LocalStorage::set(FORGOTTEN, profiles).ok();
    }
}

/// The next page takes a profile away, unless it is wanted again before.
pub(super) fn forget(profile: &str) {
    let mut all = forgotten();
    if !all.iter().any(|forgotten| forgotten == profile) {
        all.push(profile.to_owned());
        set_forgotten(&all);
    }
}

/// A profile is to stay after all.
pub(super) fn remember(profile: &str) {
    let mut all = forgotten();
    let before = all.len();
    all.retain(|forgotten| forgotten != profile);
    if all.len() != before {
        set_forgotten(&all);
    }
}

/// The name of the lock that every page has which may write into a profile.
pub(super) fn lock(profile: &str) -> String {
    format!("holdfast.uses.{profile}")
}

/// Takes away what is to go and what no page writes into any more; the rest is tried again later.
pub(super) fn take_forgotten_away(own: &str) {
    for profile in forgotten() {
        // It is being signed out of: the next page takes it away.
        if profile == own {
            continue;
        }
        with_free_lock(&lock(&profile), async move {
            // Somebody signed in again meanwhile.
            if forgotten().contains(&profile) {
                take_away(&profile).await;
            }
        });
    }
}

async fn take_away(profile: &str) {
    for name in local_keys("holdfast.") {
        let is_its = name.split('.').nth(2) == Some(profile)
            || (name.starts_with(PROFILE) && get_local(&name).as_deref() == Some(profile));
        if is_its {
            LocalStorage::delete(&name);
        }
    }
    let Ok(deleted) = Database::delete_by_name(&format!("holdfast-{profile}")) else { return };
    if deleted.await.is_ok() {
        remember(profile);
    }
}
