//! Texts of the person as HTML.

use std::fmt::Write;

use holdfast_domain::id::SessionId;
use holdfast_domain::session::SessionSummary;
use html_escape::{encode_double_quoted_attribute, encode_text};

use crate::workspace::Part;

/// The inside of a `<textarea>`, which drops a line break at its beginning.
pub(super) fn textarea(text: &str) -> String {
    format!("\n{}", encode_text(text))
}

/// Who it is, and where that can be changed.
pub(super) fn account(email: Option<&str>) -> String {
    match email {
        Some(email) => format!("<p><a href=\"/account\">{}</a></p>", encode_text(email)),
        None => {
            "<p><a href=\"/sign-in\">Sign in</a> or <a href=\"/register\">create an account</a></p>"
                .into()
        }
    }
}

/// Fields and other sessions, to be read without JavaScript.
pub(super) fn rest(
    fields: &[(String, String)],
    sessions: &[SessionSummary],
    shown: SessionId,
) -> String {
    // Writing into a string does not fail.
    let mut html = String::new();
    if !fields.is_empty() {
        html.push_str("<dl>");
        for (name, value) in fields {
            let _ = write!(html, "<dt>{}</dt><dd>{}</dd>", encode_text(name), encode_text(value));
        }
        html.push_str("</dl>");
    }
    let mut others = sessions.iter().filter(|session| session.id != shown).peekable();
    if others.peek().is_some() {
        html.push_str("<h2>Other sessions</h2>");
    }
    for session in others {
        let address = Part::Notes.of(session.id);
        let _ = write!(
            html,
            "<p><a href=\"{}\">{}</a></p>",
            encode_double_quoted_attribute(&address),
            encode_text(&session.name)
        );
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_domain::session::SessionState;

    #[test]
    fn ux_2_what_people_wrote_is_text_and_never_markup() {
        let session = |id: &str, name: &str| SessionSummary {
            id: id.parse().unwrap(),
            name: name.into(),
            state: SessionState::Active,
            created_at_ms: 0,
            updated_at_ms: 0,
            active_at_ms: 0,
        };
        let one = session("019a0000-0000-7000-8000-000000000001", "One");
        let other = session("019a0000-0000-7000-8000-000000000002", "<script>alert(1)</script>");
        let fields = [("<b>".to_owned(), "</noscript><img src=x>".to_owned())];
        let html = rest(&fields, &[one.clone(), other], one.id);
        assert!(
            !html.contains("<script") && !html.contains("<img") && !html.contains("</noscript")
        );
        assert!(
            html.contains("&lt;script&gt;")
                && html.contains("/s/019a0000-0000-7000-8000-000000000002")
        );
        assert_eq!(textarea("\n</textarea><script>"), "\n\n&lt;/textarea&gt;&lt;script&gt;");
        assert_eq!(rest(&[], std::slice::from_ref(&one), one.id), "");
        assert!(!account(Some("<script>@example.org")).contains("<script"));
    }
}
