//! Certificates in files: reading them, and reading them again when they change.

use attune_protocol::ids::{Millis, Timestamp};
use rustix::fs::OFlags;
use rustls::crypto;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use std::fs::OpenOptions;
use std::io::Read;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::{fmt, io};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;

use super::Shown;
use crate::clock::Clock;

/// How often the files are looked at.
const LOOK_EVERY: Millis = Millis::minutes(1);
/// Largest file that is read, in bytes: a chain and its key have some thousand.
const LARGEST: u64 = 256 * 1024;

/// Why a certificate cannot be used.
#[derive(Debug)]
pub enum CertificateError {
    /// A file cannot be read.
    Io(io::Error),
    /// What is named is a folder, a pipe or a device: it may have no end, or none who writes it.
    NotAFile,
    /// A file is larger than any certificate.
    TooLarge,
    /// A file holds no certificate, or no key, in PEM.
    NotPem,
    /// The certificate cannot be understood.
    NotACertificate,
    /// The certificate's time is over or has not begun, so no browser takes it.
    NotNow,
    /// Key and certificate do not belong together, or are of a kind that is not safe.
    Tls(rustls::Error),
}

impl fmt::Display for CertificateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "a file cannot be read: {error}"),
            Self::NotAFile => f.write_str(
                "a folder, a pipe or a device is named where a certificate or a key belongs: name a regular file",
            ),
            Self::TooLarge => write!(
                f,
                "a file is larger than {} KiB: name one that holds certificates or a key in PEM, and nothing else",
                LARGEST / 1024
            ),
            Self::NotPem => f.write_str("a file holds no certificate, or no key, in PEM"),
            Self::NotACertificate => f.write_str("the certificate cannot be understood"),
            Self::NotNow => f.write_str("the certificate has run out or does not hold yet"),
            Self::Tls(error) => write!(f, "the certificate and its key are refused: {error}"),
        }
    }
}

impl std::error::Error for CertificateError {}

impl From<pem::Error> for CertificateError {
    fn from(_: pem::Error) -> Self {
        Self::NotPem
    }
}

impl From<io::Error> for CertificateError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Says when a certificate begins and ends, if it and its key can be used.
///
/// # Errors
/// See [`CertificateError`].
pub fn inspect(certificate: &Path, key: &Path) -> Result<Validity, CertificateError> {
    validity_of(&CertificateFiles::new(certificate, key).load()?)
}

/// Says whether a file holds a certificate.
///
/// # Errors
/// See [`CertificateError`].
pub fn inspect_root(certificate: &Path) -> Result<(), CertificateError> {
    let first = read_chain(&read(certificate)?)?.into_iter().next().ok_or(CertificateError::NotPem)?;
    read_validity(&first).map(|_| ())
}

fn validity_of(loaded: &CertifiedKey) -> Result<Validity, CertificateError> {
    read_validity(loaded.cert.first().ok_or(CertificateError::NotPem)?)
}

/// Reads a small regular file. Opening waits for nobody, as a pipe without a writer would have it.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, CertificateError> {
    let flags = OFlags::NONBLOCK.bits().cast_signed();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    if !file.metadata()?.is_file() {
        return Err(CertificateError::NotAFile);
    }
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST { Err(CertificateError::TooLarge) } else { Ok(bytes) }
}

/// The certificates of a text in PEM.
pub(super) fn read_chain(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, CertificateError> {
    CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().map_err(CertificateError::from)
}

/// From when and until when a certificate holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// From when on.
    pub begins_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
}

impl Validity {
    /// Whether browsers take the certificate at this moment, as far as its time goes.
    pub fn holds_at(&self, now: Timestamp) -> bool {
        (self.begins_at..self.ends_at).contains(&now)
    }
}

/// Reads from when and until when a certificate holds.
pub(super) fn read_validity(certificate: &CertificateDer<'_>) -> Result<Validity, CertificateError> {
    let (_, parsed) =
        X509Certificate::from_der(certificate).map_err(|_| CertificateError::NotACertificate)?;
    let validity = parsed.validity();
    let millis = |seconds: i64| Timestamp(seconds.saturating_mul(1_000));
    Ok(Validity {
        begins_at: millis(validity.not_before.timestamp()),
        ends_at: millis(validity.not_after.timestamp()),
    })
}

/// Makes what the handshake needs of a chain and its key.
pub(super) fn pair(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<CertifiedKey, CertificateError> {
    if chain.is_empty() {
        return Err(CertificateError::NotPem);
    }
    CertifiedKey::from_der(chain, key, &crypto::ring::default_provider()).map_err(CertificateError::Tls)
}

/// A certificate chain and its key, each in a file of its own.
#[derive(Debug)]
pub(super) struct CertificateFiles {
    certificate: PathBuf,
    key: PathBuf,
    /// How the files looked when they were read last.
    read: Mutex<Option<Looks>>,
}

/// By what a changed file is told: node, length, and time of change in nanoseconds.
type Looks = [(u64, u64, i64, i64); 2];

impl CertificateFiles {
    pub(super) fn new(certificate: &Path, key: &Path) -> Self {
        Self { certificate: certificate.to_owned(), key: key.to_owned(), read: Mutex::default() }
    }

    /// Reads both files.
    pub(super) fn load(&self) -> Result<CertifiedKey, CertificateError> {
        *self.read.lock().unwrap_or_else(PoisonError::into_inner) = self.looks();
        let chain = read_chain(&read(&self.certificate)?)?;
        pair(chain, PrivateKeyDer::from_pem_slice(&read(&self.key)?)?)
    }

    /// Reads both files again; what cannot be used now is logged, and the certificate stays.
    pub(super) fn read_again(&self, shown: &Shown, now: Timestamp) {
        let loaded = self.load().and_then(|certificate| {
            let holds = validity_of(&certificate)?.holds_at(now);
            holds.then_some(certificate).ok_or(CertificateError::NotNow)
        });
        match loaded {
            Ok(certificate) => {
                shown.show(certificate);
                tracing::info!("the certificate was read again");
            }
            Err(error) => tracing::warn!(%error, "the new certificate cannot be used, the old one stays"),
        }
    }

    /// Reads the files again whenever they have changed.
    pub(super) async fn follow(&self, shown: &Shown, clock: &dyn Clock) {
        loop {
            clock.sleep_until(clock.now() + LOOK_EVERY).await;
            let changed = {
                let looks = self.looks();
                looks.is_some() && *self.read.lock().unwrap_or_else(PoisonError::into_inner) != looks
            };
            if changed {
                self.read_again(shown, clock.now());
            }
        }
    }

    fn looks(&self) -> Option<Looks> {
        let look = |path: &Path| {
            let file = std::fs::metadata(path).ok()?;
            Some((file.ino(), file.len(), file.mtime(), file.mtime_nsec()))
        };
        Some([look(&self.certificate)?, look(&self.key)?])
    }
}
