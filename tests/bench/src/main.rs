//! Measures the server as ratios to a yardstick in the same run: `make bench`.

#![expect(clippy::disallowed_methods, reason = "a bench measures real time and draws its own ids")]

mod append;
mod crowd;
mod figures;
mod idle;
mod load;
mod process;
mod server;
mod storm;
mod wire;
mod yardstick;

use std::process::ExitCode;

/// The server's own: yardstick and server stand on the same.
#[global_allocator]
static HEAP: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => load::run(figures::report(&figures::FIGURES.map(|figure| figure.name))),
        ["serve-yardstick", listen, frame, welcome] => {
            let bytes = |size: &str| size.parse().expect("a number of bytes");
            server::run(server::run_yardstick(listen, bytes(frame), bytes(welcome)));
        }
        ["measure-appends", data] => server::run(append::measure(data.as_ref())),
        ["serve-attune", data] => server::run(server::run_attune(data.as_ref())),
        ref names if names.iter().all(|name| figures::FIGURES.iter().any(|figure| figure.name == *name)) => {
            load::run(figures::report(names))
        }
        _ => {
            let names = figures::FIGURES.map(|figure| figure.name).join(", ");
            eprintln!("run it without arguments, or with some of: {names}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
