//! Encryption by the server itself: which certificate is shown, and the handshake.

mod acme;
mod files;
mod stream;

pub use files::{CertificateError, Validity, inspect, inspect_root};
pub(crate) use stream::Stream;

use attune_protocol::ids::Timestamp;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};
use rustls::{ServerConfig, crypto};
use std::io;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use crate::clock::Clock;
use crate::config::TlsFlags;
use acme::Acme;
use files::CertificateFiles;

/// What browsers speak inside.
const HTTP: &[u8] = b"http/1.1";
/// What an authority speaks that looks whether the name is ours (RFC 8737).
const ACME: &[u8] = b"acme-tls/1";

/// Most encrypted bytes that wait for one peer to take them. The library's default of 64 KiB is a slow reader's to keep.
const LONGEST_UNSENT: usize = 16 * 1024;

/// How a server encrypts. Clones are handles to the same.
#[derive(Debug, Clone)]
pub struct Encryption {
    config: Arc<ServerConfig>,
    shown: Arc<Shown>,
    source: Arc<Source>,
}

/// Where certificates come from.
#[derive(Debug)]
enum Source {
    Files(CertificateFiles),
    Acme(Acme),
}

impl Encryption {
    /// What the flags ask for: nothing, a certificate in files, or one that is fetched into the data folder.
    ///
    /// # Errors
    /// The files cannot be used.
    pub fn set_up(flags: &TlsFlags, data: &Path) -> Result<Option<Self>, CertificateError> {
        let shown = Arc::new(Shown::default());
        let source = if let (Some(certificate), Some(key)) = (&flags.tls_cert, &flags.tls_key) {
            let files = CertificateFiles::new(certificate, key);
            shown.show(files.load()?);
            Source::Files(files)
        } else if let Some(domain) = &flags.acme_domain {
            flags.acme_root.as_deref().map_or(Ok(()), inspect_root)?;
            let acme = Acme::new(domain, flags, data);
            acme.show_kept(&shown);
            Source::Acme(acme)
        } else {
            return Ok(None);
        };
        let mut config = ServerConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_protocol_versions(&[&TLS13, &TLS12])
            .map_err(CertificateError::Tls)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&shown) as _);
        config.alpn_protocols = vec![HTTP.to_vec(), ACME.to_vec()];
        Ok(Some(Self { config: Arc::new(config), shown, source: Arc::new(source) }))
    }

    /// Keeps the certificate fresh for as long as it is polled: follows the files, or renews in time.
    pub async fn maintain(&self, clock: &dyn Clock) {
        match &*self.source {
            Source::Files(files) => files.follow(&self.shown, clock).await,
            Source::Acme(acme) => acme.keep(&self.shown, clock).await,
        }
    }

    /// Reads the files again, if there are any. What cannot be used now is logged, and the certificate stays.
    pub fn read_again(&self, now: Timestamp) {
        if let Source::Files(files) = &*self.source {
            files.read_again(&self.shown, now);
        }
    }

    /// Does the handshake. `None`: it was an authority that has seen what it wanted to see.
    ///
    /// # Errors
    /// The other side speaks no TLS, none that is safe, or has gone.
    pub(crate) async fn accept(&self, stream: TcpStream) -> io::Result<Option<Stream>> {
        let stream = TlsAcceptor::from(Arc::clone(&self.config))
            .accept_with(stream, |connection| connection.set_buffer_limit(Some(LONGEST_UNSENT)))
            .await?;
        let is_challenge = stream.get_ref().1.alpn_protocol() == Some(ACME);
        Ok((!is_challenge).then(|| Stream::Encrypted(Box::new(stream))))
    }
}

/// The certificates that are shown now: one to browsers, one to an authority that asks.
#[derive(Debug, Default)]
struct Shown {
    usual: RwLock<Option<Arc<CertifiedKey>>>,
    challenge: RwLock<Option<Arc<CertifiedKey>>>,
}

impl Shown {
    fn show(&self, certificate: CertifiedKey) {
        *self.usual.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(certificate));
    }

    fn answer_challenge_with(&self, certificate: Option<CertifiedKey>) {
        *self.challenge.write().unwrap_or_else(PoisonError::into_inner) = certificate.map(Arc::new);
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let is_challenge = hello.alpn().is_some_and(|mut offered| offered.any(|word| word == ACME));
        let shown = if is_challenge { &self.challenge } else { &self.usual };
        shown.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
