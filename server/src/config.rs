//! How a server is set up: the flags of `serve`, and what they mean.

use attune_protocol::ids::Millis;
use clap::{Args, ValueEnum};
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use crate::http::{Network, Site};
use crate::limits::Limits;
use crate::secret::CreateToken;
use crate::tls::Encryption;

/// What a server is made with, beside its clocks, store and chance.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where browsers find it. Without one, pages may open sockets at whatever host they were loaded from.
    pub public_url: Option<Site>,
    /// Proxies that are believed when they say for whom they ask. Of all others such headers are not read.
    pub trusted_proxies: Vec<Network>,
    /// How long a session is kept after the last human act.
    pub retention: Millis,
    /// What connections, seats, sessions and addresses may use.
    pub limits: Limits,
    /// What somebody must know to set a session up. Without one, anybody may.
    pub create_token: Option<CreateToken>,
    /// How the server encrypts by itself, if it does.
    pub encryption: Option<Encryption>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            public_url: None,
            trusted_proxies: Vec::new(),
            retention: Millis::hours(24),
            limits: Limits::default(),
            create_token: None,
            encryption: None,
        }
    }
}

/// The flags of `serve`.
#[derive(Debug, Clone, Args)]
pub struct Serve {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, env = "ATTUNE_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Folder in which sessions are kept; made if it does not exist
    #[arg(long, env = "ATTUNE_DATA", value_name = "FOLDER", default_value = "./data")]
    pub data: PathBuf,
    /// Where browsers find the server. Pages of another site open no sockets then.
    #[arg(
        long,
        env = "ATTUNE_PUBLIC_URL",
        value_name = "URL",
        help = "Address that browsers open, such as https://attune.example; set it behind a proxy"
    )]
    pub public_url: Option<Site>,
    /// Proxies in front. Scheme and host come from the public address alone, never from a header.
    #[arg(
        long = "trusted-proxy",
        env = "ATTUNE_TRUSTED_PROXY",
        value_name = "ADDRESS",
        value_delimiter = ',',
        requires = "public_url",
        help = "Proxy, or network of proxies such as 10.0.0.0/8, whose X-Forwarded-For is believed; may be repeated"
    )]
    pub trusted_proxies: Vec<Network>,
    /// How long a session is kept after the last thing anybody did: 90m, 24h, 7d
    #[arg(long, env = "ATTUNE_RETENTION", value_name = "TIME", default_value = "24h")]
    pub retention: Retention,
    /// What somebody must type to set a session up, 12 characters or more; without it anybody may
    #[arg(long, env = "ATTUNE_CREATE_TOKEN", value_name = "WORD", hide_env_values = true)]
    pub create_token: Option<CreateToken>,
    /// Encryption by the server itself.
    #[command(flatten)]
    pub tls: TlsFlags,
    /// Allow an address that others can reach without encryption: for trials on a network of your own
    #[arg(long, env = "ATTUNE_PLAIN_HTTP")]
    pub plain_http: bool,
    /// Address for metrics, health and readiness, such as 127.0.0.1:9464; off without it
    #[arg(long, env = "ATTUNE_METRICS", value_name = "ADDRESS")]
    pub metrics: Option<SocketAddr>,
    /// Allow metrics at an address that others can reach
    #[arg(long, env = "ATTUNE_METRICS_FOR_OTHERS", requires = "metrics")]
    pub metrics_for_others: bool,
    /// What is written to standard error, as lines of JSON
    #[arg(long, env = "ATTUNE_LOG", value_name = "LEVEL", default_value = "info")]
    pub log: LogLevel,
}

impl Serve {
    /// What of these flags does not go together.
    pub fn faults(&self) -> Vec<Fault> {
        let is_behind_proxy = !self.trusted_proxies.is_empty();
        let plain =
            !self.tls.is_on() && !self.plain_http && !is_behind_proxy && !self.listen.ip().is_loopback();
        let open =
            !self.metrics_for_others && self.metrics.is_some_and(|address| !address.ip().is_loopback());
        let mixed = self.tls.is_on() && self.public_url.as_ref().is_some_and(|url| !url.is_secure());
        [(plain, Fault::PlainForOthers), (open, Fault::MetricsForOthers), (mixed, Fault::PublicUrlIsPlain)]
            .into_iter()
            .filter_map(|(is_so, fault)| is_so.then_some(fault))
            .collect()
    }

    /// Where browsers find the server: as said, or at the name that a certificate is fetched for.
    pub fn site(&self) -> Option<Site> {
        let domain = self.tls.acme_domain.as_ref();
        self.public_url.clone().or_else(|| domain.and_then(|domain| format!("https://{domain}").parse().ok()))
    }

    /// Whether others can reach the server without encryption.
    pub fn is_plain_for_others(&self) -> bool {
        let encrypts_elsewhere = self.public_url.as_ref().is_some_and(Site::is_secure);
        self.plain_http && !self.tls.is_on() && !encrypts_elsewhere && !self.listen.ip().is_loopback()
    }

    /// What the server is made with, but for the encryption, whose certificate may not be usable.
    pub fn config(&self) -> Config {
        Config {
            public_url: self.site(),
            trusted_proxies: self.trusted_proxies.clone(),
            retention: self.retention.0,
            limits: Limits::default(),
            create_token: self.create_token.clone(),
            encryption: None,
        }
    }
}

/// The flags for encryption: files, or a domain for which certificates are fetched.
#[derive(Debug, Clone, Default, Args)]
pub struct TlsFlags {
    /// Certificate chain in PEM; read again when it changes, and on SIGHUP
    #[arg(long, env = "ATTUNE_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Private key in PEM
    #[arg(long, env = "ATTUNE_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Fetch a certificate for this name, by ACME (TLS-ALPN-01: port 443 of the name must lead here)
    #[arg(long, env = "ATTUNE_ACME_DOMAIN", value_name = "NAME", conflicts_with = "tls_cert", value_parser = read_domain)]
    pub acme_domain: Option<String>,
    /// Where the authority may write about the certificate
    #[arg(long, env = "ATTUNE_ACME_EMAIL", value_name = "ADDRESS", requires = "acme_domain")]
    pub acme_email: Option<String>,
    /// The authority
    #[arg(long, env = "ATTUNE_ACME_DIRECTORY", value_name = "URL", default_value = LETS_ENCRYPT)]
    pub acme_directory: String,
    /// Trust this root for the authority, in PEM, instead of the system's; of several in the file, the first alone
    #[arg(long, env = "ATTUNE_ACME_ROOT", value_name = "FILE", requires = "acme_domain")]
    pub acme_root: Option<PathBuf>,
}

/// The authority that everybody may use.
const LETS_ENCRYPT: &str = "https://acme-v02.api.letsencrypt.org/directory";

impl TlsFlags {
    /// Whether the server encrypts by itself.
    pub fn is_on(&self) -> bool {
        self.tls_cert.is_some() || self.acme_domain.is_some()
    }
}

/// Reads the name that a certificate is fetched for. It is also the server's address, so that a slip in it must not
/// leave the server without one.
fn read_domain(text: &str) -> Result<String, String> {
    let label = |label: &str| {
        let plain = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (1..=63).contains(&label.len()) && plain && !label.starts_with('-') && !label.ends_with('-')
    };
    let is_name = text.len() <= 253 && text.contains('.') && text.split('.').all(label);
    let is_address = text.parse::<std::net::Ipv4Addr>().is_ok();
    if is_name && !is_address {
        Ok(text.to_owned())
    } else {
        Err("expected a name such as attune.example.org, without https://".to_owned())
    }
}

/// Settings that do not go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Others can reach the address, and nothing is encrypted.
    PlainForOthers,
    /// Others can reach the metrics.
    MetricsForOthers,
    /// The public address is not encrypted, but the server is.
    PublicUrlIsPlain,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PlainForOthers => {
                "others can reach this address, and nothing is encrypted: give --tls-cert and --tls-key, or \
                 --acme-domain, or listen on 127.0.0.1 behind a proxy, or name the proxy with --trusted-proxy, or say --plain-http for a trial on your own \
                 network"
            }
            Self::MetricsForOthers => {
                "others can reach the address of the metrics: use 127.0.0.1, or say --metrics-for-others"
            }
            Self::PublicUrlIsPlain => "the server encrypts, so --public-url begins with https://",
        })
    }
}

impl std::error::Error for Fault {}

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogLevel {
    /// Only what fails for good.
    Error,
    /// And what should not happen.
    Warn,
    /// And starts, stops and refusals.
    Info,
    /// And more for whoever looks for a fault.
    Debug,
}

/// A length of time that a session is kept: a whole number and `m`, `h` or `d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention(pub Millis);

/// A text that is no [`Retention`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotARetention;

impl fmt::Display for NotARetention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a number and m, h or d, from 1h to 366d, such as 24h")
    }
}

impl std::error::Error for NotARetention {}

impl FromStr for Retention {
    type Err = NotARetention;

    fn from_str(text: &str) -> Result<Self, NotARetention> {
        let at = text.find(|c: char| !c.is_ascii_digit()).ok_or(NotARetention)?;
        let (count, unit) = text.split_at(at);
        let count: i64 = count.parse::<u32>().map_err(|_| NotARetention)?.into();
        let length = match unit {
            "m" => Millis::minutes(count),
            "h" => Millis::hours(count),
            "d" => Millis::hours(count * 24),
            _ => return Err(NotARetention),
        };
        let bounds = Millis::hours(1)..=Millis::hours(366 * 24);
        if bounds.contains(&length) { Ok(Self(length)) } else { Err(NotARetention) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::Program;
    use clap::Parser;

    #[test]
    fn t10_proxies_are_named_one_by_one_and_need_a_public_url() {
        let site = ["attune", "--public-url", "https://attune.example"];
        let read =
            |flags: &[&str]| Program::try_parse_from([&site, flags].concat()).map(|program| program.serve);
        let two =
            read(&["--trusted-proxy", "192.0.2.7", "--trusted-proxy", "10.0.0.0/8"]).expect("is allowed");
        assert_eq!(two.config().trusted_proxies.len(), 2);
        let as_list = read(&["--trusted-proxy", "192.0.2.7,10.0.0.0/8"]).expect("is allowed");
        assert_eq!(as_list.trusted_proxies, two.trusted_proxies);
        assert!(read(&["--trusted-proxy", "0.0.0.0/0"]).is_err(), "everybody is no proxy");
        assert!(Program::try_parse_from(["attune", "--trusted-proxy", "192.0.2.7"]).is_err());
    }

    #[test]
    fn run_18_a_certificate_is_fetched_for_a_name_and_nothing_else() {
        let site = |name: &str| {
            Program::try_parse_from(["attune", "--acme-domain", name]).map(|program| program.serve.site())
        };
        for name in ["attune.example.org", "a-b.example", "Attune.Example"] {
            assert!(site(name).is_ok_and(|site| site.is_some()), "{name}");
        }
        for slip in [
            "",
            "attune",
            "https://attune.example",
            "attune.example/",
            "attune.example:443",
            "../x",
            "attune.example.",
            "-a.example",
            "*.example",
            "192.0.2.7",
            "a b.example",
            "a@b.example",
        ] {
            assert!(site(slip).is_err(), "{slip}");
        }
    }

    #[test]
    fn a_retention_is_a_number_and_a_unit() {
        for (text, length) in
            [("24h", Millis::hours(24)), ("90m", Millis::minutes(90)), ("366d", Millis::hours(366 * 24))]
        {
            assert_eq!(text.parse(), Ok(Retention(length)), "{text}");
        }
        for text in ["", "24", "h", "-1h", "1.5h", "59m", "0d", "367d", "24 h", "24H", "99999999999d"] {
            assert_eq!(text.parse::<Retention>(), Err(NotARetention), "{text}");
        }
    }
}
