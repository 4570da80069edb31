//! What the indicator says of each state.

use holdfast_domain::sync::SaveStatus;

/// The word for tests and the style sheet; `None`: not known yet.
pub(super) fn state(status: Option<&SaveStatus>) -> &'static str {
    match status {
        None => "starting",
        Some(SaveStatus::Saving { .. }) => "saving",
        Some(SaveStatus::OnDevice { .. }) => "on-device",
        Some(SaveStatus::Saved { .. }) => "saved",
        Some(SaveStatus::Offline { .. }) => "offline",
        Some(SaveStatus::NotSaved { .. }) => "not-saved",
    }
}

/// Why it is not saved, as a word.
pub(super) fn code(status: Option<&SaveStatus>) -> Option<String> {
    match status {
        Some(SaveStatus::NotSaved { code, .. }) => Some(code.clone()),
        _ => None,
    }
}

/// How many changes the server has not acknowledged.
pub(super) fn waiting(status: &SaveStatus) -> u32 {
    match status {
        SaveStatus::Saved { .. } => 0,
        SaveStatus::Saving { waiting }
        | SaveStatus::OnDevice { waiting, .. }
        | SaveStatus::Offline { waiting, .. }
        | SaveStatus::NotSaved { waiting, .. } => *waiting,
    }
}

/// What always stands there.
pub(super) fn text(status: Option<&SaveStatus>) -> &'static str {
    match status {
        None => "Starting…",
        Some(SaveStatus::Saving { .. }) => "Saving…",
        Some(SaveStatus::OnDevice { .. }) => "On this device",
        Some(SaveStatus::Saved { .. }) => "Saved",
        Some(SaveStatus::Offline { .. }) => "Offline - on this device",
        Some(SaveStatus::NotSaved { .. }) => "Not saved",
    }
}

/// What stands there where there is room.
pub(super) fn more(status: Option<&SaveStatus>) -> String {
    match status {
        Some(SaveStatus::OnDevice { waiting, .. } | SaveStatus::Offline { waiting, .. })
            if *waiting > 0 =>
        {
            format!(" · {waiting} waiting")
        }
        Some(SaveStatus::NotSaved { code, .. }) => match code.as_str() {
            "storage_full" => ": storage is full".into(),
            "panicked" => ": reload".into(),
            _ => String::new(),
        },
        _ => String::new(),
    }
}

/// `1 change`, `12 changes`.
pub(crate) fn changes(number: u32) -> String {
    match number {
        1 => "1 change".into(),
        number => format!("{number} changes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ctx_7_each_state_has_its_words() {
        let offline = SaveStatus::Offline { waiting: 12, at_ms: Some(1) };
        assert_eq!(state(Some(&offline)), "offline");
        assert_eq!(text(Some(&offline)), "Offline - on this device");
        assert_eq!(more(Some(&offline)), " · 12 waiting");
        assert_eq!(waiting(&offline), 12);
        let saved = SaveStatus::Saved { at_ms: None };
        assert_eq!((state(Some(&saved)), text(Some(&saved))), ("saved", "Saved"));
        assert_eq!(more(Some(&saved)), "");
        assert_eq!(state(None), "starting");
        assert_eq!((changes(1).as_str(), changes(0).as_str()), ("1 change", "0 changes"));
    }
}
