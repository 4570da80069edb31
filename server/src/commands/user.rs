//! `holdfast user`: accounts.

use std::io::BufRead;

use clap::Subcommand;
use holdfast_backend::{Backend, User, UserState};

use super::{CommandError, with_backend};
use crate::Config;

/// What is done with accounts.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// List everybody who registered: state, id, address
    List,
    /// Make an account; its password is the first line of standard input
    Create {
        /// The address it signs in with
        email: String,
    },
    /// Print a link that sets a new password, once and for some hours
    ResetLink {
        /// The account's address
        email: String,
    },
    /// Keep an account from being used; nothing of it is lost
    Disable {
        /// The account's address
        email: String,
    },
    /// Let an account be used again
    Enable {
        /// The account's address
        email: String,
    },
}

impl UserCommand {
    /// Does it; what is printed.
    ///
    /// # Errors
    /// [`CommandError`], in words for the operator.
    pub fn run(self, config: &Config) -> Result<String, CommandError> {
        let origin = config.origin();
        with_backend(config, async |backend| match self {
            Self::List => Ok(list(backend.users().await?)),
            Self::Create { email } => create(backend, &email).await,
            Self::ResetLink { email } => match backend.reset_link(&email).await? {
                Some(link) => Ok(format!("{origin}{}\n", link.path())),
                None => Err(CommandError::Given(
                    "There is no account with this address that can be used.",
                )),
            },
            Self::Disable { email } => {
                backend.disable_user(&email, true).await?;
                Ok("It cannot be used any more. Nothing of it is lost.\n".into())
            }
            Self::Enable { email } => {
                backend.disable_user(&email, false).await?;
                Ok("It can be used again.\n".into())
            }
        })
    }
}

fn list(users: Vec<User>) -> String {
    let line = |user: User| {
        let state = match user.state {
            UserState::Active => "active",
            UserState::Disabled => "disabled",
            UserState::Deleting(_) => "deleting",
        };
        format!("{state:<9} {} {}\n", user.id, user.email)
    };
    users.into_iter().map(line).collect()
}

async fn create(backend: &Backend, email: &str) -> Result<String, CommandError> {
    let mut password = String::new();
    let read = std::io::stdin().lock().read_line(&mut password);
    if read.is_err() || password.is_empty() {
        return Err(CommandError::Given("Give the password as the first line of standard input."));
    }
    let id = backend.create_user(email, password.trim_end_matches(['\r', '\n'])).await?;
    Ok(format!("{id}\n"))
}
