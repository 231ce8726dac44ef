//! What `make audit` holds: that it fails where a dependency is older than it may be.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// The settings of the audit.
fn settings() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../deny.toml")
}

/// The names of the packages that have a floor.
fn floors() -> Vec<String> {
    let text = fs::read_to_string(settings()).expect("is there");
    let names = text.lines().filter_map(|line| line.trim().strip_prefix("{ crate = \""));
    names.filter_map(|line| Some(line.split_once(":<")?.0.to_owned())).collect()
}

fn write_package(folder: &Path, name: &str, version: &str, rest: &str) {
    fs::create_dir_all(folder.join("src")).expect("can be made");
    fs::write(folder.join("src/lib.rs"), "").expect("can be written");
    let manifest =
        format!("[package]\nname = \"{name}\"\nversion = \"{version}\"\nedition = \"2024\"\n{rest}");
    fs::write(folder.join("Cargo.toml"), manifest).expect("can be written");
}

/// Audits a program that depends on all of these in one version. They lie beside it, so that nothing is fetched.
fn audit(names: &[String], version: &str) -> Option<Output> {
    let home = TempDir::new().expect("the system has a folder for temporary files");
    let mut dependencies = "[workspace]\n[dependencies]\n".to_owned();
    for name in names {
        write_package(&home.path().join(name), name, version, "");
        writeln!(dependencies, "{name} = {{ path = \"{name}\" }}").expect("a text takes all");
    }
    write_package(home.path(), "planted", "0.0.0", &dependencies);
    let mut audit = Command::new("cargo-deny");
    audit.arg("--offline").arg("--manifest-path").arg(home.path().join("Cargo.toml"));
    audit.arg("--config").arg(settings()).args(["check", "bans"]);
    let output = audit.output().ok();
    if output.is_none() {
        println!("skipped: cargo-deny is not installed");
    }
    output
}

#[test]
fn t19_the_audit_fails_on_each_planted_old_version() {
    let names = floors();
    assert!(names.len() > 10, "{names:?}");
    let Some(old) = audit(&names, "0.0.1") else { return };
    let said = String::from_utf8_lossy(&old.stderr);
    assert!(!old.status.success(), "{said}");
    for name in &names {
        assert!(said.contains(&format!("crate '{name} = 0.0.1' is explicitly banned")), "{name}: {said}");
    }
    let new = audit(&names, "999.0.0").expect("is installed");
    assert!(new.status.success(), "{}", String::from_utf8_lossy(&new.stderr));
}
