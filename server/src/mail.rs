//! Mail: the link that sets a new password (SEC-1), by SMTP where it is configured.

use std::sync::Arc;

use holdfast_app::SendLink;
use holdfast_backend::{Backend, ResetLink};
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::Config;

/// Why mail cannot be sent as it is configured.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The server's address is none. It is not repeated: it may hold a password.
    #[error("smtp_url: an address as in smtps://user:password@mail.example.org is wanted")]
    Server,
    /// The sender is no address.
    #[error("mail_from: an address as in Holdfast <holdfast@example.org> is wanted")]
    Sender,
}

/// How mail is sent.
struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// Where links lead.
    origin: String,
}

/// Sends links; `None` where no server is configured.
pub(crate) fn sender(config: &Config) -> Result<Option<Arc<SendLink>>, MailError> {
    if config.smtp_url.is_empty() {
        return Ok(None);
    }
    let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&config.smtp_url);
    let mailer = Arc::new(Mailer {
        transport: transport.map_err(|_| MailError::Server)?.build(),
        from: config.mail_from.parse().map_err(|_| MailError::Sender)?,
        origin: config.origin(),
    });
    Ok(Some(Arc::new(move |backend: Backend, email: String| {
        let mailer = mailer.clone();
        tokio::spawn(async move {
            // What fails was logged where it failed.
            if let Ok(Some(link)) = backend.reset_link(&email).await {
                mailer.send_logged(&link).await;
            }
        });
    })))
}

impl Mailer {
    async fn send_logged(&self, link: &ResetLink) {
        // Neither the address nor the link belongs into a log.
        match self.send(link).await {
            Ok(()) => tracing::info!("a link to set a new password was sent"),
            Err(cause) => tracing::error!(%cause, "a link to set a new password was not sent"),
        }
    }

    async fn send(&self, link: &ResetLink) -> anyhow::Result<()> {
        let message = Message::builder()
            .from(self.from.clone())
            .to(link.email.parse()?)
            .subject("A new password for Holdfast")
            .header(ContentType::TEXT_PLAIN)
            .body(text(&self.origin, link))?;
        self.transport.send(message).await?;
        Ok(())
    }
}

fn text(origin: &str, link: &ResetLink) -> String {
    format!(
        "Somebody asked for a new password for your account. If it was you, open this link; it works once, and for a \
         while:\n\n{origin}{}\n\nIf it was not you, nothing has to be done: without the link nothing changes.\n",
        link.path()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn sec_1_mail_that_cannot_be_sent_is_found_at_the_start() {
        let config = |url: &str, from: &str| Config {
            smtp_url: url.into(),
            mail_from: from.into(),
            ..Config::default()
        };
        assert!(matches!(sender(&Config::default()), Ok(None)));
        let from = "Holdfast <holdfast@example.org>";
        assert!(matches!(sender(&config("mail.example.org", from)), Err(MailError::Server)));
        let refused = sender(&config("http://user:planted@example.org", from)).err().unwrap();
        assert!(!refused.to_string().contains("planted"));
        assert!(matches!(sender(&config("smtp://127.0.0.1:25", "nobody")), Err(MailError::Sender)));
        assert!(matches!(sender(&config("smtp://127.0.0.1:25", from)), Ok(Some(_))));
    }
}
