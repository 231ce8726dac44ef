//! Has the pages embedded anew when they were built anew.

#[expect(clippy::print_stdout, reason = "this is how a build script speaks")]
fn main() {
    println!("cargo:rerun-if-changed=../web/dist");
}
