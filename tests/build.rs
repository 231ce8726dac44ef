//! Builds what is loaded beneath the program in tests of bad days: `preload/machine.c`.

use std::path::PathBuf;
use std::process::Command;
use std::{env, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=preload/machine.c");
    let folder = env::var_os("OUT_DIR").map(PathBuf::from).ok_or(io::ErrorKind::NotFound)?;
    let library = folder.join("machine.so");
    let compiler = env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    let built = Command::new(&compiler)
        .args(["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o"])
        .arg(&library)
        .args(["preload/machine.c", "-ldl", "-lpthread"])
        .status()?;
    if !built.success() {
        return Err(io::Error::other(format!("{compiler} could not build preload/machine.c")));
    }
    println!("cargo::rustc-env=ATTUNE_MACHINE_LIBRARY={}", library.display());
    Ok(())
}
