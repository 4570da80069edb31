//! The words for sessions that the server does not give to this browser, and for what was done about it.

use holdfast_session::CreatedAgain;

/// What is offered, and why. A server answers the same for what it lost and for what is another account's.
/// `here`: it is the one that is open, and no other.
pub(super) fn offer(sessions: usize, here: bool, signed_out: bool) -> (&'static str, String) {
    let why = match (signed_out, here, sessions) {
        (true, _, _) => {
            "This browser's sign-in is gone, perhaps with its cookies, or the server lost what it had: it has \
             no session of this browser."
        }
        (false, true, _) => "The server does not know this session any more.",
        (false, false, 1) => "The server does not know one of your sessions any more.",
        (false, false, _) => "The server does not know some of your sessions any more.",
    };
    match sessions {
        1 => ("Create it again", format!("{why} It is safe on this device.")),
        _ => ("Create them again", format!("{why} All {sessions} are safe on this device.")),
    }
}

/// `None`: nothing was left to do.
pub(super) fn created_again(created: CreatedAgain) -> Option<String> {
    let sessions = |number: u32| match number {
        1 => "1 session is".to_owned(),
        _ => format!("{number} sessions are"),
    };
    match created {
        CreatedAgain { same: 0, copies: 0 } => None,
        CreatedAgain { same, copies: 0 } => {
            Some(format!("{} on the server again, as on this device.", sessions(same)))
        }
        CreatedAgain { same, copies } => Some(format!(
            "{} kept under this browser's new sign-in, as on this device. Snapshots that were on the server \
             stay with the old one.",
            sessions(same.saturating_add(copies))
        )),
    }
}
