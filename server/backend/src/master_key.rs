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

    /// Reads the key from a file; none is made.
    ///
    /// # Errors
    /// [`OpenError::MasterKeyFile`], [`OpenError::MasterKeyForm`].
    pub fn load(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        Self::from_hex(&fs::read_to_string(path).map_err(OpenError::MasterKeyFile)?)
    }

    /// Reads the key from a file, or makes one and writes it there, readable by its owner only.
    /// The second value says whether it was made now: then it must be told to keep a copy.
    ///
    /// # Errors
    /// [`OpenError::MasterKeyFile`], [`OpenError::MasterKeyForm`].
    pub fn load_or_create(path: impl AsRef<Path>) -> Result<(Self, bool), OpenError> {
        let path = path.as_ref();
        match Self::load(path) {
            Err(OpenError::MasterKeyFile(cause)) if cause.kind() == io::ErrorKind::NotFound => {
                Ok((Self::create(path).map_err(OpenError::MasterKeyFile)?, true))
            }
            loaded => Ok((loaded?, false)),
        }
    }

    fn create(path: &Path) -> io::Result<Self> {
        let mut bytes = [0; 32];
        SystemEnvironment.fill_random(&mut bytes);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        file.write_all(format!("{}\n", crate::hex::encode(&bytes)).as_bytes())?;
        // The database is useless without this file, so it is on disk before the first row is.
        file.sync_all()?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        #[cfg(unix)]
        fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
        Ok(Self(SecretBox::new(Box::new(bytes))))
    }

    /// 32 bytes for one purpose, from which neither the key nor another purpose's bytes can be had
    /// (HMAC-SHA-256 as a pseudo-random function).
    pub(crate) fn derive(&self, purpose: &str) -> [u8; 32] {
        hmac(self.0.expose_secret(), purpose.as_bytes())
    }

    /// Names the key without saying anything about it.
    pub(crate) fn id(&self) -> String {
        let id = self.derive("holdfast master key id");
        crate::hex::encode(id.get(..8).unwrap_or_default())
    }
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
