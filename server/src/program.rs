//! What the program can be asked to do: its tasks, and the flags of those that do not serve.

use attune_protocol::ids::SessionId;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

use crate::config::Serve;

/// Runs reflective case discussions: keeps the time, the roles and the silence of a group that meets by a link.
#[derive(Debug, Parser)]
#[command(name = "attune", version, about, args_conflicts_with_subcommands = true)]
#[command(
    after_help = "`attune` alone is `attune serve`. Each flag can also be set by the variable beside it."
)]
pub struct Program {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Task>,
    /// `attune` alone is `attune serve`.
    #[command(flatten)]
    pub serve: Serve,
}

impl Program {
    /// What to do, whether or not it was written.
    pub fn into_task(self) -> Task {
        self.command.unwrap_or(Task::Serve(Box::new(self.serve)))
    }
}

/// What the program does.
#[derive(Debug, Subcommand)]
pub enum Task {
    /// Serve until stopped; the default
    Serve(Box<Serve>),
    /// Say whether a server with these flags would run well here, and change nothing
    #[command(
        long_about = "Says whether a server with these flags would run well here: its settings, the data \
        folder, free disk, the clock, the port, the certificate. Nothing is changed, and a server that runs on the \
        folder is not disturbed. Exits 0 when all is well and 1 otherwise.\n\n\
        With --url it asks a running server instead whether it is ready."
    )]
    Check(Box<Check>),
    /// Copy the data folder into one file, also while the server runs
    Backup(Backup),
    /// Put a backup into an empty data folder
    Restore(Restore),
    /// Delete one session for good; the server must be stopped
    Erase(Erase),
}

/// The flags of `check`: those of `serve`, and one more.
#[derive(Debug, Clone, Args)]
pub struct Check {
    /// How the server would be started.
    #[command(flatten)]
    pub serve: Serve,
    /// Ask a running server at this http address whether it is ready, and check nothing else
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
}

/// The flags of `backup`.
#[derive(Debug, Clone, Args)]
pub struct Backup {
    /// Folder in which sessions are kept
    #[arg(long, env = "ATTUNE_DATA", value_name = "FOLDER", default_value = "./data")]
    pub data: PathBuf,
    /// File to write; one that exists is never replaced
    #[arg(long, value_name = "FILE")]
    pub to: PathBuf,
}

/// The flags of `restore`.
#[derive(Debug, Clone, Args)]
pub struct Restore {
    /// File that `attune backup` wrote
    #[arg(long, value_name = "FILE")]
    pub from: PathBuf,
    /// Folder to put it into: empty, or not there yet
    #[arg(long, env = "ATTUNE_DATA", value_name = "FOLDER", default_value = "./data")]
    pub data: PathBuf,
}

/// The flags of `erase`.
#[derive(Debug, Clone, Args)]
pub struct Erase {
    /// Folder in which sessions are kept
    #[arg(long, env = "ATTUNE_DATA", value_name = "FOLDER", default_value = "./data")]
    pub data: PathBuf,
    /// The first 22 characters after the # of the session's link; the rest of the link is a secret
    #[arg(long, value_name = "ID", value_parser = read_session, allow_hyphen_values = true)]
    pub session: SessionId,
}

fn read_session(text: &str) -> Result<SessionId, String> {
    SessionId::try_from(text.to_owned()).map_err(|_| {
        "expected the 22 characters that stand between # and the first dot of the link".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Retention;
    use attune_protocol::ids::Millis;
    use clap::CommandFactory;

    fn serve(arguments: &[&str]) -> Serve {
        match Program::try_parse_from(arguments).expect("is allowed").into_task() {
            Task::Serve(serve) => *serve,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn run_5_the_flags_are_consistent() {
        Program::command().debug_assert();
    }

    #[test]
    fn run_5_attune_alone_serves() {
        let alone = serve(&["attune", "--listen", "[::1]:9000"]);
        assert_eq!(alone.listen, "[::1]:9000".parse().expect("is an address"));
        assert_eq!(
            serve(&["attune", "serve", "--retention", "7d"]).retention,
            Retention(Millis::hours(7 * 24))
        );
        let wrong = Program::try_parse_from(["attune", "--colour"]).expect_err("there is no such flag");
        assert_eq!(wrong.exit_code(), 2);
    }

    #[test]
    fn run_16_a_session_is_named_by_its_id_alone() {
        let erase = |id: &str| Program::try_parse_from(["attune", "erase", "--session", id]);
        assert!(erase("AAAAAAAAAAAAAAAAAAAAAA").is_ok());
        // One of 64 ids begins so.
        assert!(erase("-AAAAAAAAAAAAAAAAAAAAA").is_ok());
        assert!(erase("--data").is_err());
        let refused = erase("AAAAAAAAAAAAAAAAAAAAAA.BBBBBBBBBBBBBBBBBBBBBB").expect_err("is more than an id");
        assert_eq!(refused.exit_code(), 2);
    }
}
