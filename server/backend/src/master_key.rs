//! The master key: it wraps the keys of all sessions and accounts. Whoever has the database without
//! it reads nothing; whoever loses it has lost the content.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use holdfast_domain::Environment;
use secrecy::{ExposeSecret, SecretBox};
use sha2::Sha256;

use crate::{OpenError, SystemEnvironment};

/// 32 secret bytes, kept outside of the database.
pub struct MasterKey(SecretBox<[u8; 32]>);

impl MasterKey {
    /// From 64 hexadecimal digits, surrounding white space aside.
    ///
    /// # Errors
    /// [`OpenError::MasterKeyForm`].
    pub fn from_hex(text: &str) -> Result<Self, OpenError> {
        let mut bytes = [0; 32];
        crate::hex::decode(text.trim(), &mut bytes).ok_or(OpenError::MasterKeyForm)?;
        Ok(Self(SecretBox::new(Box::new(bytes))))
    }

    /// Reads the key from a file; `None` where it is not there.
    ///
    /// # Errors
    /// [`OpenError::MasterKeyFile`], [`OpenError::MasterKeyForm`].
    pub fn load(path: impl AsRef<Path>) -> Result<Option<Self>, OpenError> {
        match fs::read_to_string(path) {
            Ok(text) => Self::from_hex(&text).map(Some),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(OpenError::MasterKeyFile(cause)),
        }
    }

    /// Reads the key from a file, or makes one and writes it there, readable by its owner only.
    /// The second value says whether it was made now: then it must be told to keep a copy.
    ///
    /// # Errors
    /// [`OpenError::MasterKeyFile`], [`OpenError::MasterKeyForm`].
    pub fn load_or_create(path: impl AsRef<Path>) -> Result<(Self, bool), OpenError> {
        let path = path.as_ref();
        if let Some(key) = Self::load(path)? {
            return Ok((key, false));
        }
        let made = Self::create(path).map_err(OpenError::MasterKeyFile)?;
        // Read again: somebody else may have made it meanwhile, and theirs is the one.
        let key = Self::load(path)?.ok_or(OpenError::MasterKeyForm)?;
        Ok((key, made))
    }

    /// Makes a file with a new key, whole or not at all; whether it is this one that is there.
    fn create(path: &Path) -> io::Result<bool> {
        let mut bytes = [0; 32];
        SystemEnvironment.fill_random(&mut bytes);
        let mut beside = path.as_os_str().to_owned();
        beside.push(format!(".{}", SystemEnvironment.uuid()));
        let text = format!("{}\n", crate::hex::encode(&bytes));
        // Unlike renaming, linking replaces nothing. Where there are no links, it is written in its place.
        let made = write_new(Path::new(&beside), &text).and_then(|()| {
            match fs::hard_link(&beside, path) {
                Err(cause) if cause.kind() != io::ErrorKind::AlreadyExists => {
                    write_new(path, &text)
                }
                linked => linked,
            }
        });
        let _ = fs::remove_file(&beside);
        let made = match made {
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => false,
            made => made.map(|()| true)?,
        };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        #[cfg(unix)]
        fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
        Ok(made)
    }

    /// 32 bytes for one purpose, from which neither the key nor another purpose's bytes can be had
    /// (HMAC-SHA-256 as a pseudo-random function).
    pub(crate) fn derive(&self, purpose: &str) -> [u8; 32] {
        hmac(self.0.expose_secret(), purpose.as_bytes())
    }

    /// Names the key without saying anything about it.
    pub fn id(&self) -> String {
        let id = self.derive("holdfast master key id");
        crate::hex::encode(id.get(..8).unwrap_or_default())
    }
}

/// Writes a file that is not there, for its owner only.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    // The database is useless without this file, so it is on disk before the first row is.
    file.sync_all()
}

/// HMAC-SHA-256.
pub(crate) fn hmac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    // HMAC pads a shorter key to its block with zeros (RFC 2104); done here it cannot fail.
    let mut block = [0; 64];
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    mac.update(message);
    mac.finalize().into_bytes().into()
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MasterKey({})", self.id())
    }
}
