//! TIME: how long phases last.

use super::super::support::*;

#[test]
fn time_3_extension_counts_from_the_later_of_end_and_now() {
    let mut group = Group::running(4, plan("ruch"));
    group.wait(minutes(12));
    group.done(ADA, five_more);
    assert_eq!(group.left(), minutes(5));
}
