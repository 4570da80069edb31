//! Every server function, called by everybody who might (SEC-3): without a sign-in, as a guest, as another account, as one
//! that an operator disabled, with a sign-in that has ended. Which there are is asked of the router: a new one without
//! a row fails the test.

use std::collections::BTreeSet;

use crate::accounts::{self, PASSWORD};
use crate::functions;
use crate::harness::{Guest, Server};
use crate::ownership::{OWN, Theirs};

/// Who calls, besides the owner.
struct Callers {
    nobody: Guest,
    guest: Guest,
    other: Guest,
    disabled: Guest,
    ended: Guest,
}

/// Statuses answered to them, in that order.
type Row = [u16; 5];

impl Callers {
    async fn of(server: &Server) -> Self {
        let mut people = Vec::new();
        for email in ["other@example.org", "disabled@example.org", "ended@example.org"] {
            let mut person = server.guest().await;
            person.go_on("register", &[("email", email), ("password", PASSWORD)]).await;
            people.push(person);
        }
        server.backend.disable_user("disabled@example.org", true).await.unwrap();
        let ended = people.pop().unwrap();
        ended.clone().go_on("sign_out", &[]).await;
        let disabled = people.pop().unwrap();
        let other = people.pop().unwrap();
        let guest = server.guest().await;
        let nobody = Guest { cookie: "other=1".into(), ..guest.clone() };
        Self { nobody, guest, other, disabled, ended }
    }

    async fn ask(&self, name: &str, body: &[u8], form: bool) -> Row {
        let mut row = [0; 5];
        let all = [&self.nobody, &self.guest, &self.other, &self.disabled, &self.ended];
        for (status, caller) in row.iter_mut().zip(all) {
            let request = caller.request(name).body(body.to_vec());
            let request = match form {
                true => request.header("content-type", "application/x-www-form-urlencoded"),
                false => request,
            };
            *status = request.send().await.unwrap().status().as_u16();
        }
        row
    }
}

/// What is somebody's session.
const OF_A_SESSION: Row = [401, 404, 404, 403, 401];
/// What speaks of the caller only.
const OF_ONESELF: Row = [401, 200, 200, 403, 401];
/// What only an account has.
const OF_AN_ACCOUNT: Row = [401, 401, 200, 403, 401];

/// What the functions that name no session are sent, and what they answer. Those that end the callers' own
/// sign-ins come last.
fn rows() -> Vec<(&'static str, &'static str, Row)> {
    vec![
        ("list_sessions", "{}", OF_ONESELF),
        ("gone_sessions", "{}", OF_ONESELF),
        ("share_context", "{\"key\":\"a\",\"value\":null}", OF_ONESELF),
        ("load_preferences", "{}", OF_ONESELF),
        ("set_preferences", "{\"preferences\":{\"theme\":\"dark\"}}", OF_ONESELF),
        ("list_locations", "{}", OF_ONESELF),
        ("list_folder", "{\"location\":\"place\",\"path\":\"\"}", OF_ONESELF),
        // Only where the operator wants controls for developers.
        ("expire_sign_in", "{}", [401, 404, 404, 404, 404]),
        // It concerns the browser, whoever uses it.
        ("renew_storage", "{}", [401, 200, 200, 200, 200]),
        ("list_sign_ins", "{}", OF_AN_ACCOUNT),
        (
            "end_sign_in",
            "{\"sign_in\":\"019a0000-0000-7000-8000-000000000001\"}",
            [401, 401, 404, 403, 401],
        ),
        ("end_other_sign_ins", "{}", OF_AN_ACCOUNT),
        ("list_audit", "{}", OF_ONESELF),
        (
            "read_statistics",
            "{\"query\":{\"days\":1,\"last\":null,\"time_zone\":\"Etc/UTC\"}}",
            OF_ONESELF,
        ),
        (
            "change_password",
            "current=not+it+at+all&password=long+enough",
            [401, 401, 422, 403, 401],
        ),
        ("delete_account", "password=not+it+at+all", [401, 401, 422, 403, 401]),
        // Whoever knows an address and a password signs in, whoever used the browser before.
        ("sign_in", "email=nobody%40example.org&password=not+it+at+all", [401, 401, 401, 401, 401]),
        ("ask_reset", "email=nobody%40example.org", [401, 200, 200, 200, 200]),
        ("reset_password", "token=none&password=long+enough", [401, 410, 410, 410, 410]),
        ("register", "email=no+address&password=long+enough", [401, 422, 422, 422, 422]),
        ("sign_out", "", OF_AN_ACCOUNT),
    ]
}

#[tokio::test]
async fn sec_3_every_server_function_answers_everybody_as_it_should() {
    let server = Server::start().await;
    let mut owner = server.guest().await;
    let owners = [("email", "owner@example.org"), ("password", PASSWORD)];
    owner.go_on("register", &owners).await;
    let theirs = Theirs::of(&owner).await;
    let callers = Callers::of(&server).await;

    let mut named = BTreeSet::new();
    for (name, body) in theirs.calls() {
        assert_eq!(callers.ask(name, &body, false).await, OF_A_SESSION, "{name}");
        named.insert(name);
    }
    for (name, body, expected) in rows() {
        let form = !body.starts_with('{');
        assert_eq!(callers.ask(name, body.as_bytes(), form).await, expected, "{name}");
        named.insert(name);
    }
    let there: BTreeSet<&str> = functions::names().into_iter().collect();
    assert_eq!(named, there, "every server function stands in this test");
    // So they do in the tests beside it.
    let also: BTreeSet<&str> = OWN.into_iter().chain(accounts::FUNCTIONS).collect();
    assert_eq!(rows().into_iter().map(|(name, ..)| name).collect::<BTreeSet<_>>(), also);
    // The same calls are the owner's right.
    for (name, body) in theirs.calls() {
        let own = owner.send(name, body).await;
        assert_eq!(own.status, 200, "{name}: {}", own.text());
    }
}
