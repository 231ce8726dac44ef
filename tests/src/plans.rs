//! Plans to run.

use attune_protocol::method::{Firmness, Meeting, Method, Plan, RawPlan};

/// The default plan: Ruch's four phases of 10, 25, 15 and 10 minutes.
pub fn ruch() -> Plan {
    of_method("ruch", Firmness::Guide)
}

/// The default plan, moving on by itself.
pub fn firm_ruch() -> Plan {
    of_method("ruch", Firmness::Firm)
}

/// The default plan with the arrival and the closing round: all of its phases.
///
/// # Panics
/// When the catalogue cannot be read.
pub fn whole_ruch() -> Plan {
    let mut methods = Method::catalogue().expect("the catalogue can be read");
    methods[0].phases.iter_mut().for_each(|phase| phase.chosen = true);
    methods[0].plan(Firmness::Guide, Meeting::Call).expect("the catalogue's plans are valid")
}

/// The plan of a method of the catalogue.
///
/// # Panics
/// When there is no such method.
pub fn of_method(id: &str, firmness: Firmness) -> Plan {
    let methods = Method::catalogue().expect("the catalogue can be read");
    let method = methods.iter().find(|method| method.id.as_str() == id).expect("is in the catalogue");
    method.plan(firmness, Meeting::Call).expect("the catalogue's plans are valid")
}

/// The default plan, changed.
///
/// # Panics
/// When what comes out cannot be run.
pub fn ruch_but(change: impl FnOnce(&mut RawPlan)) -> Plan {
    let mut raw = RawPlan::from(ruch());
    change(&mut raw);
    Plan::try_from(raw).expect("the change is valid")
}
