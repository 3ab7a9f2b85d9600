//! The key pair with which the API signs and the S3 endpoint verifies.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use thiserror::Error;

const FILE: &str = "credentials.json";

/// An access key of this installation.
#[derive(Clone, Serialize, Deserialize)]
pub struct Credentials {
    /// Not secret.
    pub access_key_id: String,
    /// Secret.
    pub secret_access_key: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}

/// The credentials cannot be read or made.
#[derive(Debug, Error)]
pub enum CredentialsError {
    /// The file cannot be read or written.
    #[error("{FILE}: {0}")]
    Io(#[from] io::Error),
    /// The file is damaged.
    #[error("{FILE} is damaged ({0}); delete it to get new credentials")]
    Damaged(#[from] serde_json::Error),
    /// The system gave no random bytes.
    #[error("no random bytes: {0}")]
    Random(getrandom::Error),
}

impl Credentials {
    /// Those of the data directory; made at the first call, readable by the owner only.
    pub fn load_or_create(data: &Path) -> Result<Self, CredentialsError> {
        if let Some(credentials) = Self::load(data)? {
            return Ok(credentials);
        }
        let credentials = Self::random()?;
        credentials.write(&data.join(FILE))?;
        Ok(credentials)
    }

    /// Those of the data directory, if it has any.
    pub fn load(data: &Path) -> Result<Option<Self>, CredentialsError> {
        match fs::read(data.join(FILE)) {
            Ok(json) => Ok(Some(serde_json::from_slice(&json)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn random() -> Result<Self, CredentialsError> {
        let mut bytes = [0; 40];
        getrandom::fill(&mut bytes).map_err(CredentialsError::Random)?;
        Ok(Self {
            access_key_id: format!("IMAGASAUR{}", hex::encode_upper(&bytes[..6])),
            secret_access_key: hex::encode(&bytes[6..]),
        })
    }

    fn write(&self, path: &Path) -> Result<(), CredentialsError> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        // A crash between making and naming the file must not leave half of it under its name.
        let fresh = path.with_extension("json.new");
        match fs::remove_file(&fresh) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let mut file = options.open(&fresh)?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        file.sync_all()?;
        Ok(fs::rename(fresh, path)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn are_made_once_and_kept_from_others() {
        let dir = tempfile::tempdir().unwrap();
        let first = Credentials::load_or_create(dir.path()).unwrap();
        let second = Credentials::load_or_create(dir.path()).unwrap();
        assert_eq!(first.secret_access_key, second.secret_access_key);
        assert!(!format!("{first:?}").contains(&first.secret_access_key));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(dir.path().join(FILE)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_damaged_file_is_said_to_be_so() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(FILE), "{").unwrap();
        let error = Credentials::load_or_create(dir.path()).unwrap_err();
        assert!(error.to_string().contains("damaged"), "{error}");
    }
}
