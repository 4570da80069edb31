//! The link that sets a new password, through a real mail server (SEC-1).

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use holdfast_server::Config;
use mailin::response::{OK, Response};
use mailin::{Action, Handler, SessionBuilder};
use serde_json::json;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::accounts::PASSWORD;
use crate::harness::Server;

/// One mail.
struct Mail {
    to: String,
    body: String,
}

/// Takes the mails of one connection.
struct Inbox {
    to: String,
    body: Vec<u8>,
    received: UnboundedSender<Mail>,
}

impl Handler for Inbox {
    fn rcpt(&mut self, to: &str) -> Response {
        self.to = to.to_owned();
        OK
    }

    fn data(&mut self, line: &[u8]) -> io::Result<()> {
        self.body.extend_from_slice(line);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let body = String::from_utf8(std::mem::take(&mut self.body)).unwrap();
        // The test may be over.
        let _ = self.received.send(Mail { to: std::mem::take(&mut self.to), body });
        OK
    }
}

/// A mail server on a free port; its address and what comes in.
fn mail_server() -> (String, UnboundedReceiver<Mail>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (received, mails) = unbounded_channel();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let inbox = Inbox { to: String::new(), body: Vec::new(), received: received.clone() };
            // A client that goes away is not a failure of the server.
            let _ = speak(&stream, inbox);
        }
    });
    (format!("smtp://{address}"), mails)
}

fn speak(stream: &TcpStream, inbox: Inbox) -> io::Result<()> {
    let mut session =
        SessionBuilder::new("mail.example.org").build(stream.peer_addr()?.ip(), inbox);
    let (mut reader, mut writer) = (BufReader::new(stream), stream);
    writer.write_all(&said(&session.greeting())?)?;
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        let response = session.process(&line);
        line.clear();
        match response.action {
            Action::NoReply => {}
            Action::Close => return writer.write_all(&said(&response)?),
            _ => writer.write_all(&said(&response)?)?,
        }
    }
    Ok(())
}

fn said(response: &Response) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    response.write_to(&mut bytes)?;
    Ok(bytes)
}

#[tokio::test]
async fn sec_1_a_link_by_mail_sets_a_new_password() {
    let (smtp_url, mut mails) = mail_server();
    let from = "Holdfast <holdfast@example.org>";
    let config = Config { smtp_url, mail_from: from.into(), ..Config::default() };
    let server = Server::with(config).await;
    let mut ada = server.guest().await;
    let ada_is = [("email", "ada@example.org"), ("password", PASSWORD)];
    ada.go_on("register", &ada_is).await;

    // An address of nobody gets none, and the same answer.
    let mut guest = server.guest().await;
    for email in ["nobody@example.org", "Ada@example.org"] {
        let asked = guest.form("ask_reset", &[("email", email)]).await;
        assert_eq!((asked.status, asked.json()), (200, json!(true)));
    }
    let mail = mails.recv().await.unwrap();
    assert_eq!(mail.to, "ada@example.org");
    assert!(mail.body.contains("Subject: A new password for Holdfast"), "{}", mail.body);
    assert!(mail.body.contains(&format!("From: {from}")), "{}", mail.body);
    // Lines are folded as quoted-printable has it.
    let body = mail.body.replace("=\r\n", "").replace("=3D", "=");
    let (_, link) = body.split_once(&format!("{}/reset?token=", server.url)).expect("a link");
    let token: String = link.chars().take_while(char::is_ascii_hexdigit).collect();
    assert_eq!(token.len(), 64);

    guest.go_on("reset_password", &[("token", &token), ("password", "another long one")]).await;
    assert_eq!(guest.call("list_sign_ins", &json!({})).await.status, 200);
    assert_eq!(ada.call("list_sign_ins", &json!({})).await.refusal().0, 401);
    let again =
        guest.form("reset_password", &[("token", &token), ("password", "another long one")]).await;
    assert_eq!(again.refusal(), (410, "link_expired".into()));
    assert!(mails.try_recv().is_err(), "one mail");
}

#[tokio::test]
async fn sec_1_a_server_without_mail_says_so() {
    let server = Server::start().await;
    let guest = server.guest().await;
    let asked = guest.form("ask_reset", &[("email", "ada@example.org")]).await;
    assert_eq!((asked.status, asked.json()), (200, json!(false)));
}
