//! Hashes of a body, computed as it passes, and what they were announced to be.

use std::collections::BTreeMap;
use std::fmt;

use s3s::checksum::ChecksumHasher;
use s3s::crypto::{Checksum as _, Crc32, Crc32c, Crc64Nvme, Md5, Sha1, Sha256};
use serde::{Deserialize, Serialize};

use super::error::{Mismatch, StoreError};

/// A checksum algorithm of S3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// CRC-32 as in zip.
    Crc32,
    /// CRC-32C (Castagnoli).
    Crc32c,
    /// CRC-64/NVME.
    Crc64Nvme,
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
}

impl Algorithm {
    /// Every algorithm.
    pub const ALL: [Self; 5] = [Self::Crc32, Self::Crc32c, Self::Crc64Nvme, Self::Sha1, Self::Sha256];

    /// What S3 calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
        }
    }

    /// How many bytes a checksum of this kind has.
    #[must_use]
    pub fn digest_bytes(self) -> usize {
        match self {
            Self::Crc32 | Self::Crc32c => 4,
            Self::Crc64Nvme => 8,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
        }
    }

    /// The header that carries a checksum of this kind.
    #[must_use]
    pub fn header(self) -> &'static str {
        match self {
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Crc32c => "x-amz-checksum-crc32c",
            Self::Crc64Nvme => "x-amz-checksum-crc64nvme",
            Self::Sha1 => "x-amz-checksum-sha1",
            Self::Sha256 => "x-amz-checksum-sha256",
        }
    }
}

/// Checksums of one body, base64 with padding.
pub type Checksums = BTreeMap<Algorithm, String>;

/// What a client announced about the bytes. Only bytes that agree become an object.
#[derive(Clone, Debug, Default)]
pub struct Expectations {
    /// Their number.
    pub length: Option<u64>,
    /// Their MD5.
    pub md5: Option<[u8; 16]>,
    /// Their checksums; each algorithm must have been asked for when the body was staged.
    pub checksums: Checksums,
}

impl Expectations {
    /// Fails on the first thing announced that is not so.
    pub(crate) fn check(&self, size: u64, md5: [u8; 16], checksums: &Checksums) -> Result<(), StoreError> {
        let mismatch = match self.length {
            Some(length) if size < length => Some(Mismatch::TooShort),
            Some(length) if size > length => Some(Mismatch::TooLong),
            _ if self.md5.is_some_and(|announced| announced != md5) => Some(Mismatch::Md5),
            _ => self
                .checksums
                .iter()
                .find(|(algorithm, announced)| checksums.get(algorithm) != Some(announced))
                .map(|(algorithm, _)| Mismatch::Checksum(*algorithm)),
        };
        mismatch.map_or(Ok(()), |mismatch| Err(StoreError::Mismatch(mismatch)))
    }
}

/// The checksum of some bytes, base64 with padding.
pub(super) fn digest_of(algorithm: Algorithm, bytes: &[u8]) -> String {
    let mut hasher = Hasher::new(&[algorithm]);
    hasher.update(bytes);
    hasher.finish().1.remove(&algorithm).unwrap_or_default()
}

/// All hashes of one body at once.
pub(crate) struct Hasher {
    md5: Md5,
    others: ChecksumHasher,
}

impl Hasher {
    /// MD5 (the entity tag) and SHA-256 always; the others only on demand.
    pub(crate) fn new(wanted: &[Algorithm]) -> Self {
        let is_wanted = |algorithm| wanted.contains(&algorithm);
        let others = ChecksumHasher {
            crc32: is_wanted(Algorithm::Crc32).then(Crc32::new),
            crc32c: is_wanted(Algorithm::Crc32c).then(Crc32c::new),
            crc64nvme: is_wanted(Algorithm::Crc64Nvme).then(Crc64Nvme::new),
            sha1: is_wanted(Algorithm::Sha1).then(Sha1::new),
            sha256: Some(Sha256::new()),
        };
        Self { md5: Md5::new(), others }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.md5.update(bytes);
        self.others.update(bytes);
    }

    pub(crate) fn finish(self) -> ([u8; 16], Checksums) {
        let sums = self.others.finalize();
        let checksums = [
            (Algorithm::Crc32, sums.checksum_crc32),
            (Algorithm::Crc32c, sums.checksum_crc32c),
            (Algorithm::Crc64Nvme, sums.checksum_crc64nvme),
            (Algorithm::Sha1, sums.checksum_sha1),
            (Algorithm::Sha256, sums.checksum_sha256),
        ];
        let known = checksums.into_iter().filter_map(|(algorithm, sum)| Some((algorithm, sum?))).collect();
        (self.md5.finalize(), known)
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hasher").finish_non_exhaustive()
    }
}
