//! What is shipped beside the program: the service's sandbox, and the Debian package. Where the tools of Debian are
//! missing, a test says so and proves nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_attune-under-test");
/// The most exposure that `systemd-analyze security` may find, in tenths: what is left is the network.
const MOST_EXPOSURE: u32 = 20;

fn packaging() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/packaging")
}

fn folder() -> TempDir {
    TempDir::new().expect("the system has a folder for temporary files")
}

/// Runs a tool and gives what it printed; `None` when there is no such tool.
fn run(tool: &str, arguments: &[&str]) -> Option<String> {
    // A program that was built for tests is large.
    let Ok(output) = Command::new(tool).args(arguments).env("COMPRESSION", "none").output() else {
        println!("skipped: {tool} is not installed");
        return None;
    };
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "{tool}: {said}");
    Some(said)
}

#[test]
fn t60_the_service_is_valid_and_its_sandbox_is_tight() {
    let home = folder();
    // The program is elsewhere here, and a unit whose program is missing is not valid.
    let unit = fs::read_to_string(packaging().join("attune.service")).expect("is there");
    let unit = unit.replace("/usr/bin/attune", PROGRAM);
    let file = home.path().join("attune.service");
    fs::write(&file, unit).expect("can be written");
    let file = file.to_str().expect("is text");
    if let Some(said) = run("systemd-analyze", &["verify", "--man=no", file]) {
        assert!(!said.contains("attune.service:"), "{said}");
        let threshold = format!("--threshold={MOST_EXPOSURE}");
        run("systemd-analyze", &["security", "--offline=yes", "--no-pager", &threshold, file]);
    }
}

#[test]
fn run_20_the_package_holds_what_a_server_needs_and_nothing_else() {
    let home = folder();
    let out = home.path().to_str().expect("is text");
    if run("dpkg-deb", &["--version"]).is_none() {
        return;
    }
    let script = packaging().join("build-deb");
    let built = run(script.to_str().expect("is text"), &[PROGRAM, out]).expect("bash is there");
    let package = built.trim();
    let said = run("dpkg-deb", &["--contents", package]).expect("is installed");
    let files: Vec<(&str, &str)> = said
        .lines()
        .filter_map(|line| Some((line.split(' ').next()?, line.split(" ./").nth(1)?)))
        .filter(|(mode, _)| mode.starts_with('-'))
        .collect();
    let expected = [
        ("-rw-r-----", "etc/attune/attune.env"),
        ("-rw-r--r--", "lib/systemd/system/attune.service"),
        ("-rwxr-xr-x", "usr/bin/attune"),
        ("-rw-r--r--", "usr/lib/sysusers.d/attune.conf"),
        ("-rw-r--r--", "usr/share/doc/attune/OPERATING.md"),
        ("-rw-r--r--", "usr/share/doc/attune/PRIVACY.md"),
        ("-rw-r--r--", "usr/share/doc/attune/copyright"),
    ];
    assert_eq!(files, expected, "{said}");
    assert!(said.lines().all(|line| line.contains(" root/root ")), "{said}");
    let unpacked = home.path().join("root");
    run("dpkg-deb", &["--raw-extract", package, unpacked.to_str().expect("is text")]);
    for script in ["postinst", "prerm", "postrm"] {
        run("sh", &["-n", unpacked.join("DEBIAN").join(script).to_str().expect("is text")]);
    }
    let program = unpacked.join("usr/bin/attune");
    let version = run(program.to_str().expect("is text"), &["--version"]).expect("runs");
    let about = run("dpkg-deb", &["--info", package]).expect("is installed");
    let number = version.trim().trim_start_matches("attune ");
    assert!(about.contains(&format!("Version: {number}")), "{about}");
}

#[test]
fn run_20_each_setting_of_the_package_is_one_of_the_program() {
    let settings = fs::read_to_string(packaging().join("attune.env")).expect("is there");
    let help = run(PROGRAM, &["help", "serve"]).expect("runs");
    let mut seen = 0;
    for line in settings.lines().filter_map(|line| line.trim_start_matches('#').split_once('=')) {
        if line.0.starts_with("ATTUNE_") {
            assert!(help.contains(&format!("[env: {}", line.0)), "{} is no setting", line.0);
            seen += 1;
        }
    }
    assert!(seen > 5);
}
