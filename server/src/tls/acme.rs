//! Certificates that an authority gives by ACME, proven by TLS-ALPN-01: fetched, kept in the data folder, renewed.

use attune_protocol::ids::{Millis, Timestamp};
use instant_acme::{
    Account, AccountCredentials, AuthorizationStatus, ChallengeType, Identifier, NewAccount, NewOrder, Order,
    OrderStatus, RetryPolicy,
};
use rcgen::{CertificateParams, CustomExtension, KeyPair};
use rustls::crypto;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;
use serde::{Deserialize, Serialize};
use std::error::Error;
use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Shown;
use super::files::{Validity, inspect_root, pair, read, read_chain, read_validity};
use crate::alarm::within;
use crate::clock::Clock;
use crate::config::TlsFlags;

/// Where certificate and account are kept within the data folder.
const FOLDER: &str = "acme";
/// Where the account is kept within that.
const ACCOUNT: &str = "account.json";
/// What an authority says of an account that it has not (RFC 8555, 6.7).
const NO_SUCH_ACCOUNT: &str = "urn:ietf:params:acme:error:accountDoesNotExist";
/// The longest that one attempt takes.
const ATTEMPT: Millis = Millis::minutes(3);
/// How long an authority may take over a decision: its own look at this server is part of it.
const PATIENCE: RetryPolicy = RetryPolicy::new().timeout(Duration::from_secs(60));
/// The first wait after a failure, which doubles each time: authorities allow few failures an hour.
const FIRST_WAIT: Millis = Millis::minutes(1);
/// The longest wait after a failure.
const LONGEST_WAIT: Millis = Millis::hours(6);

/// An authority, and the name that it vouches for.
#[derive(Debug)]
pub(super) struct Acme {
    domain: String,
    email: Option<String>,
    directory: String,
    root: Option<PathBuf>,
    folder: PathBuf,
}

/// A certificate and until when it need not be renewed.
struct Fresh {
    certificate: CertifiedKey,
    renew_at: Timestamp,
}

/// The account with an authority, as it is kept.
#[derive(Serialize, Deserialize)]
struct KeptAccount {
    directory: String,
    credentials: AccountCredentials,
}

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

impl Acme {
    pub(super) fn new(domain: &str, flags: &TlsFlags, data: &Path) -> Self {
        Self {
            domain: domain.to_ascii_lowercase(),
            email: flags.acme_email.clone(),
            directory: flags.acme_directory.clone(),
            root: flags.acme_root.clone(),
            folder: data.join(FOLDER),
        }
    }

    /// Shows the kept certificate, if there is one: nobody who comes right after a start finds none.
    pub(super) fn show_kept(&self, shown: &Shown) {
        if let Ok(Fresh { certificate, .. }) = self.load_kept() {
            shown.show(certificate);
        }
    }

    /// Fetches a new certificate when two thirds of the kept one's time are over, and so on for ever.
    pub(super) async fn keep(&self, shown: &Shown, clock: &dyn Clock) {
        let mut wait = FIRST_WAIT;
        let mut next = self.load_kept().map_or_else(|_| clock.now(), |kept| kept.renew_at);
        loop {
            clock.sleep_until(next).await;
            let attempt = within(clock, ATTEMPT, self.fetch(shown)).await;
            shown.answer_challenge_with(None);
            match attempt.unwrap_or_else(|| Err("it took too long".into())) {
                Ok(Fresh { certificate, renew_at }) => {
                    shown.show(certificate);
                    tracing::info!("a certificate was fetched");
                    (wait, next) = (FIRST_WAIT, renew_at.max(clock.now() + FIRST_WAIT));
                }
                Err(error) => {
                    tracing::warn!(error = &*error as &dyn Error, "a certificate could not be fetched");
                    next = clock.now() + wait;
                    wait = Millis((wait.0 * 2).min(LONGEST_WAIT.0));
                }
            }
        }
    }

    async fn fetch(&self, shown: &Shown) -> Outcome<Fresh> {
        let account = self.open_account().await?;
        let name = [Identifier::Dns(self.domain.clone())];
        let mut order = match account.new_order(&NewOrder::new(&name)).await {
            Err(instant_acme::Error::Api(problem)) if problem.r#type.as_deref() == Some(NO_SUCH_ACCOUNT) => {
                std::fs::remove_file(self.folder.join(ACCOUNT))?;
                return Err(
                    "the authority does not know the account any more: the next attempt makes another".into(),
                );
            }
            order => order?,
        };
        self.prove(&mut order, shown).await?;
        if order.poll_ready(&PATIENCE).await? != OrderStatus::Ready {
            return Err("the authority did not accept the proof".into());
        }
        let key = order.finalize().await?;
        let chain = order.poll_certificate(&PATIENCE).await?;
        self.write("certificate.pem", format!("{key}\n{chain}").as_bytes())?;
        self.load_kept()
    }

    /// Shows the authority what only the owner of the name can show.
    async fn prove(&self, order: &mut Order, shown: &Shown) -> Outcome<()> {
        let mut authorizations = order.authorizations();
        while let Some(authorization) = authorizations.next().await {
            let mut authorization = authorization?;
            if authorization.status == AuthorizationStatus::Valid {
                continue;
            }
            let mut challenge = authorization
                .challenge(ChallengeType::TlsAlpn01)
                .ok_or("the authority does not offer TLS-ALPN-01")?;
            let proof = challenge.key_authorization();
            shown.answer_challenge_with(Some(self.challenge_certificate(proof.digest().as_ref())?));
            challenge.set_ready().await?;
        }
        Ok(())
    }

    fn challenge_certificate(&self, digest: &[u8]) -> Outcome<CertifiedKey> {
        let mut parameters = CertificateParams::new([self.domain.clone()])?;
        parameters.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
        let key = KeyPair::generate()?;
        let certificate = parameters.self_signed(&key)?;
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        // Unchecked: nobody is to accept it but the authority, which knows its critical extension.
        let key = crypto::ring::default_provider().key_provider.load_private_key(key)?;
        Ok(CertifiedKey::new(vec![certificate.der().clone()], key))
    }

    async fn open_account(&self) -> Outcome<Account> {
        let builder = match &self.root {
            Some(root) => {
                // The library would wait for the end of a pipe that was put in its place.
                inspect_root(root)?;
                Account::builder_with_root(root)?
            }
            None => Account::builder()?,
        };
        let kept = read(&self.folder.join(ACCOUNT)).ok();
        let kept: Option<KeptAccount> = kept.and_then(|text| serde_json::from_slice(&text).ok());
        if let Some(kept) = kept.filter(|kept| kept.directory == self.directory) {
            return Ok(builder.from_credentials(kept.credentials).await?);
        }
        let contact = self.email.as_ref().map(|email| format!("mailto:{email}"));
        let contact: Vec<&str> = contact.iter().map(String::as_str).collect();
        let new =
            NewAccount { contact: &contact, terms_of_service_agreed: true, only_return_existing: false };
        let (account, credentials) = builder.create(&new, self.directory.clone(), None).await?;
        let kept = KeptAccount { directory: self.directory.clone(), credentials };
        self.write(ACCOUNT, &serde_json::to_vec(&kept)?)?;
        Ok(account)
    }

    fn load_kept(&self) -> Outcome<Fresh> {
        let kept = read(&self.folder.join("certificate.pem"))?;
        let chain = read_chain(&kept)?;
        let first = chain.first().ok_or("there is no certificate in the file")?;
        if !names(first, &self.domain) {
            return Err("the kept certificate is for another name".into());
        }
        let Validity { begins_at, ends_at } = read_validity(first)?;
        let renew_at = begins_at + Millis((ends_at - begins_at).0 / 3 * 2);
        Ok(Fresh { certificate: pair(chain, PrivateKeyDer::from_pem_slice(&kept)?)?, renew_at })
    }

    /// Writes a file that only this user can read, whole or not at all.
    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        let unfinished = self.folder.join(format!("{name}.new"));
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(unfinished, self.folder.join(name))
    }
}

/// Whether a certificate is for a name.
fn names(certificate: &CertificateDer<'_>, domain: &str) -> bool {
    let Ok(name) = rustls::pki_types::ServerName::try_from(domain) else { return false };
    let parsed = rustls::server::ParsedCertificate::try_from(certificate);
    parsed.is_ok_and(|parsed| rustls::client::verify_server_name(&parsed, &name).is_ok())
}
