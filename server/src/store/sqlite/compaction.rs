//! Giving back the space of what was forgotten.

use rusqlite::Connection;

/// Compacts the database when at least `least` bytes and half of it are forgotten bodies: then the work is
/// never more than what was erased. Says whether it did.
///
/// Writers wait for as long as it takes to write what is kept.
pub(super) fn run_if_worth_it(connection: &mut Connection, least: u64) -> rusqlite::Result<bool> {
    let number = |sql| connection.query_row(sql, [], |row| row.get::<_, u64>(0));
    let erased = number("SELECT erased FROM space")?;
    if erased < least || 2 * erased < number("PRAGMA page_count")? * number("PRAGMA page_size")? {
        return Ok(false);
    }
    // `DELETE` moves rows that are kept and leaves stale copies of them; `VACUUM` writes all pages anew. Only
    // when both are done is the count begun again, so that a crash in between makes the next call repeat them.
    connection.execute_batch(
        "DELETE FROM event WHERE session NOT IN (SELECT number FROM session WHERE gone = 0);
         VACUUM;
         UPDATE space SET erased = 0;",
    )?;
    Ok(true)
}
