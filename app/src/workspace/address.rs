//! The address names the session and the part of it that is shown; back and forward work.

use holdfast_domain::id::SessionId;
use holdfast_session::{Notice, UseSession};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use serde::{Deserialize, Serialize};

use crate::accounts::use_account_screen;

/// A part of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Part {
    /// Text and fields.
    Notes,
    /// Long work.
    Jobs,
    /// Snapshots.
    History,
}

impl Part {
    /// The address of this part of a session.
    pub(crate) fn of(self, session: SessionId) -> String {
        match self {
            Self::Notes => format!("/s/{session}"),
            Self::Jobs => format!("/s/{session}/jobs"),
            Self::History => format!("/s/{session}/history"),
        }
    }

    /// What the person reads.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Notes => "Notes",
            Self::Jobs => "Jobs",
            Self::History => "History",
        }
    }
}

/// The session in an address; `None` where there is none or it is no id.
pub(crate) fn id_in(address: &str) -> Option<SessionId> {
    address.strip_prefix("/s/")?.split('/').next()?.parse().ok()
}

/// The part that is shown.
pub(crate) fn use_part() -> Memo<Part> {
    let address = use_location().pathname;
    Memo::new(move |_| match address.read().rsplit('/').next() {
        Some("history") => Part::History,
        Some("jobs") => Part::Jobs,
        _ => Part::Notes,
    })
}

/// Opens what the address names, and lets the address name what is open.
pub(super) fn follow(session: UseSession) {
    let address = use_location().pathname;
    let part = use_part();
    let asked = Memo::new(move |_| id_in(&address.get()));
    let screen = use_account_screen();
    // Going back, a link, a typed address: the session follows.
    Effect::new(move |before: Option<Option<SessionId>>| {
        let asked = asked.get();
        if let Some(asked) = asked.filter(|_| before.is_some())
            && session.id.get_untracked() != Some(asked)
        {
            session.open(asked);
        }
        asked
    });
    // Recovered, created, opened by a command: the address follows.
    let navigate = use_navigate();
    Effect::new(move |before: Option<Option<SessionId>>| {
        let open = session.id.get()?;
        let explained = session.notice.with(|notice| {
            matches!(
                notice,
                Some(Notice::NotFound { .. } | Notice::NotReachable { .. } | Notice::Gone { .. })
            )
        });
        let asked = asked.get_untracked();
        // The account's pages stay until another session is chosen.
        let stays = screen.get_untracked().is_some()
            && before.flatten().is_none_or(|before| before == open);
        if !explained && !stays && asked != Some(open) {
            let options =
                NavigateOptions { replace: asked.is_none(), ..NavigateOptions::default() };
            navigate(&part.get_untracked().of(open), options);
        }
        Some(open)
    });
    Effect::new(move |_| session.set_place(part.get().name()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sess_2_a_malformed_id_in_the_address_is_none() {
        let id = "019a0000-0000-7000-8000-000000000001";
        let parsed: SessionId = id.parse().unwrap();
        assert_eq!(id_in(&format!("/s/{id}")), Some(parsed));
        assert_eq!(id_in(&Part::History.of(parsed)), Some(parsed));
        for malformed in ["/", "/s/", "/s/1", "/s/%00", "/t/019a0000"] {
            assert_eq!(id_in(malformed), None, "{malformed}");
        }
    }
}
