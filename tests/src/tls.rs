//! Certificates of a test's own, and connections that are encrypted by them.

use rcgen::{CertificateParams, CertifiedIssuer, KeyPair, PKCS_ECDSA_P256_SHA256, date_time_ymd};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion, crypto};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::waiting::within_limit;

/// The name that certificates are for.
pub const NAME: &str = "attune.test";

/// An authority that a test trusts.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    /// A new one.
    ///
    /// # Panics
    /// When no key can be drawn.
    pub fn new() -> Self {
        let mut parameters = CertificateParams::default();
        parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).expect("keys can be drawn");
        Self(CertifiedIssuer::self_signed(parameters, key).expect("can be signed"))
    }

    /// Its own certificate, in PEM.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// Writes a certificate for these names and its key into a folder, as `cert.pem` and `key.pem`.
    ///
    /// # Panics
    /// When the folder cannot be written.
    pub fn write(&self, folder: &Path, names: &[&str]) -> (PathBuf, PathBuf) {
        // Long before and long after any test.
        self.write_for(folder, names, (1975, 4096))
    }

    /// As [`Authority::write`], for the time from the beginning of one year to that of another.
    ///
    /// # Panics
    /// When the folder cannot be written.
    pub fn write_for(&self, folder: &Path, names: &[&str], years: (i32, i32)) -> (PathBuf, PathBuf) {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let mut parameters = CertificateParams::new(names).expect("are names");
        parameters.not_before = date_time_ymd(years.0, 1, 1);
        parameters.not_after = date_time_ymd(years.1, 1, 1);
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).expect("keys can be drawn");
        let certificate = parameters.signed_by(&key, &self.0).expect("can be signed");
        let (cert_file, key_file) = (folder.join("cert.pem"), folder.join("key.pem"));
        std::fs::write(&cert_file, certificate.pem()).expect("can be written");
        std::fs::write(&key_file, key.serialize_pem()).expect("can be written");
        (cert_file, key_file)
    }
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

/// Connects and does the handshake for [`NAME`], trusting this certificate (PEM) alone.
///
/// # Errors
/// The server is not there, or is not the one that is trusted.
///
/// # Panics
/// When the trusted certificate is none.
pub async fn connect(
    server: SocketAddr,
    trusted: &str,
    versions: &[&'static SupportedProtocolVersion],
) -> std::io::Result<TlsStream<TcpStream>> {
    // As browsers offer.
    connect_to(NAME, server, trusted, versions, &["h2", "http/1.1"]).await
}

/// As [`connect`], to a server of another name, offering to speak these protocols.
///
/// # Errors
/// The server is not there, or is not the one that is trusted.
///
/// # Panics
/// When the trusted certificate is none.
pub async fn connect_to(
    name: &'static str,
    server: SocketAddr,
    trusted: &str,
    versions: &[&'static SupportedProtocolVersion],
    protocols: &[&str],
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(trusted.as_bytes()).expect("is PEM")).expect("is a certificate");
    let mut config = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
        .with_protocol_versions(versions)
        .expect("ring knows these versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|word| word.as_bytes().to_vec()).collect();
    let name = ServerName::try_from(name).expect("is a name");
    let connecting = async {
        let stream = TcpStream::connect(server).await?;
        TlsConnector::from(Arc::new(config)).connect(name, stream).await
    };
    within_limit("a handshake", connecting).await
}

/// Sends whatever a test wants over an encrypted connection, and gives the head of the answer: its status, and its
/// headers with their names in lower case.
///
/// # Panics
/// When no whole head comes.
pub async fn ask(stream: &mut TlsStream<TcpStream>, request: &str) -> (u16, Vec<(String, String)>) {
    stream.write_all(request.as_bytes()).await.expect("the server takes it");
    let mut head = Vec::new();
    within_limit("the head of an answer", async {
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.expect("more comes"));
        }
    })
    .await;
    let head = String::from_utf8(head).expect("is text");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("has a status");
    let headers = head.lines().filter_map(|line| line.split_once(':'));
    (status, headers.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect())
}

/// Asks for a page over an encrypted connection, and gives all that comes.
///
/// # Errors
/// The connection broke.
pub async fn get(stream: &mut TlsStream<TcpStream>, path: &str) -> std::io::Result<String> {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    within_limit("an answer", stream.read_to_end(&mut answer)).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
