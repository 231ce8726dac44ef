//! The catalogue holds methods that can be run.

use attune_protocol::ids::Millis;
use attune_protocol::method::{Firmness, Meeting, Method};

#[test]
fn plan_1_the_default_plan_is_ruchs() {
    let methods = Method::catalogue().unwrap();
    for method in &methods {
        method
            .plan(Firmness::Guide, Meeting::Call)
            .unwrap_or_else(|error| panic!("{}: {error}", method.name));
    }
    let ruch = methods[0].plan(Firmness::Guide, Meeting::Call).unwrap();
    let minutes: Vec<u16> = ruch.phases().iter().map(|phase| phase.minutes).collect();
    assert_eq!(minutes, [10, 25, 15, 10]);
    assert_eq!(ruch.length_from(0), Millis::minutes(60));
}
