//! Measures the server as ratios to a yardstick in the same run: `make bench`.

#![expect(clippy::disallowed_methods, reason = "a bench measures real time and draws its own ids")]

mod figures;
mod load;
mod process;
mod server;
mod yardstick;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => load::run(figures::report(&figures::FIGURES)),
        ["serve-yardstick", bytes] => server::run(server::run_yardstick(bytes.parse().unwrap_or(1024))),
        ["serve-attune", data] => server::run(server::run_attune(data.as_ref())),
        ref names if names.iter().all(|name| figures::FIGURES.contains(name)) => {
            load::run(figures::report(names))
        }
        _ => {
            eprintln!("run it without arguments, or with some of: {}", figures::FIGURES.join(", "));
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
