//! The committed TypeScript is what the crate would write.

#[test]
fn wire_10_the_committed_typescript_is_what_the_crate_writes() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/src/protocol.ts");
    let fresh = attune_protocol::typescript::generate();
    if std::env::var_os("WRITE_PROTOCOL").is_some() {
        std::fs::write(path, &fresh).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == fresh, "web/src/protocol.ts is old: run `make protocol`");
}
