//! Measures the server as ratios to a yardstick in the same run: `make bench`.

#![expect(clippy::disallowed_methods, reason = "a bench measures real time and draws its own ids")]

mod figures;
mod load;
mod process;
mod server;
mod yardstick;

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => figures::report(&figures::FIGURES).await,
        ["serve-yardstick", bytes] => server::run_yardstick(bytes.parse().unwrap_or(1024)).await,
        ["serve-attune", data] => server::run_attune(data.as_ref()).await,
        ref names if names.iter().all(|name| figures::FIGURES.contains(name)) => figures::report(names).await,
        _ => {
            eprintln!("run it without arguments, or with some of: {}", figures::FIGURES.join(", "));
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
