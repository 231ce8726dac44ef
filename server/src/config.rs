//! How a server is set up: the flags of the program, and what they mean.

use attune_protocol::ids::Millis;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use crate::http::{Network, Site};
use crate::limits::Limits;

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
}

impl Default for Config {
    fn default() -> Self {
        let (trusted_proxies, limits) = (Vec::new(), Limits::default());
        Self { public_url: None, trusted_proxies, retention: Millis::hours(24), limits }
    }
}

/// Runs reflective case discussions: keeps the time, the roles and the silence of a group that meets by a link.
#[derive(Debug, Parser)]
#[command(name = "attune", version, about, args_conflicts_with_subcommands = true)]
pub struct Program {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Task>,
    /// `attune` alone is `attune serve`.
    #[command(flatten)]
    pub serve: Serve,
}

impl Program {
    /// How to serve, whether or not the command was written.
    pub fn into_serve(self) -> Serve {
        match self.command {
            Some(Task::Serve(serve)) => serve,
            None => self.serve,
        }
    }
}

/// What the program does.
#[derive(Debug, Subcommand)]
pub enum Task {
    /// Serve until stopped; the default
    Serve(Serve),
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
    /// What is written to standard error, as lines of JSON
    #[arg(long, env = "ATTUNE_LOG", value_name = "LEVEL", default_value = "info")]
    pub log: LogLevel,
}

impl Serve {
    /// What the server is made with.
    pub fn config(&self) -> Config {
        Config {
            public_url: self.public_url.clone(),
            trusted_proxies: self.trusted_proxies.clone(),
            retention: self.retention.0,
            limits: Limits::default(),
        }
    }
}

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
    use clap::CommandFactory;

    #[test]
    fn run_5_the_flags_are_consistent() {
        Program::command().debug_assert();
    }

    #[test]
    fn run_5_attune_alone_serves() {
        let alone = Program::try_parse_from(["attune", "--listen", "[::1]:9000"]).expect("is allowed");
        assert_eq!(alone.into_serve().listen, "[::1]:9000".parse().expect("is an address"));
        let named = Program::try_parse_from(["attune", "serve", "--retention", "7d"]).expect("is allowed");
        assert_eq!(named.into_serve().retention, Retention(Millis::hours(7 * 24)));
        let wrong = Program::try_parse_from(["attune", "--colour"]).expect_err("there is no such flag");
        assert_eq!(wrong.exit_code(), 2);
    }

    #[test]
    fn t10_proxies_are_named_one_by_one_and_need_a_public_url() {
        let site = ["attune", "--public-url", "https://attune.example"];
        let read = |flags: &[&str]| Program::try_parse_from([&site, flags].concat()).map(Program::into_serve);
        let two =
            read(&["--trusted-proxy", "192.0.2.7", "--trusted-proxy", "10.0.0.0/8"]).expect("is allowed");
        assert_eq!(two.config().trusted_proxies.len(), 2);
        let as_list = read(&["--trusted-proxy", "192.0.2.7,10.0.0.0/8"]).expect("is allowed");
        assert_eq!(as_list.trusted_proxies, two.trusted_proxies);
        assert!(read(&["--trusted-proxy", "0.0.0.0/0"]).is_err(), "everybody is no proxy");
        assert!(Program::try_parse_from(["attune", "--trusted-proxy", "192.0.2.7"]).is_err());
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
