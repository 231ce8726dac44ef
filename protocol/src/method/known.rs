//! Whether a plan names only what the catalogue has, so that nothing in it can be somebody's own words.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::{COMMON, Method, Plan, PlanPhase, Role, Slug, common_phases};

/// The words of the catalogue: phases by method, those of no method under [`COMMON`], and roles.
struct Words {
    phases: BTreeMap<String, BTreeSet<Slug>>,
    roles: BTreeSet<Slug>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    // Files of the program itself, which a test reads: without one of them its plans are not known.
    let methods = Method::catalogue().unwrap_or_default();
    let common = common_phases().unwrap_or_default();
    let roles = methods.iter().flat_map(|method| method.roles.iter().flatten());
    let roles = roles.map(|role| role.id.clone()).collect();
    let ids = |phases: Vec<super::MethodPhase>| phases.into_iter().map(|phase| phase.plan.id).collect();
    let mut phases: BTreeMap<String, BTreeSet<Slug>> =
        methods.into_iter().map(|method| (method.id.into(), ids(method.phases))).collect();
    phases.insert(COMMON.to_owned(), ids(common));
    Words { phases, roles }
});

/// How much of a phase's own id another one keeps that has a number behind it.
const KEPT: usize = 28;

/// Whether an id is a phase's own, or that with a number.
fn is_plain(id: &str, own: &str) -> bool {
    let stem = own.get(..KEPT).unwrap_or(own);
    let number = id.strip_prefix(stem).and_then(|rest| rest.strip_prefix('-'));
    let has_number = number.is_some_and(|number| {
        (1..=3).contains(&number.len()) && number.bytes().all(|digit| digit.is_ascii_digit())
    });
    id == own || has_number
}

impl Plan {
    /// Whether it names only methods, phases and roles of the catalogue.
    pub fn is_known(&self) -> bool {
        let method = self.method().as_str();
        method != COMMON
            && WORDS.phases.contains_key(method)
            && self.phases().iter().all(|phase| is_known(method, phase))
    }
}

fn is_known(method: &str, phase: &PlanPhase) -> bool {
    let has = |method: &str, id: &Slug| WORDS.phases.get(method).is_some_and(|phases| phases.contains(id));
    let has_texts = match &phase.texts {
        None => has(method, &phase.id),
        Some(texts) => {
            has(texts.method.as_str(), &texts.phase) && is_plain(phase.id.as_str(), texts.phase.as_str())
        }
    };
    has_texts
        && phase.floor.speakers.iter().all(|role| match role {
            Role::Presenter | Role::Facilitator | Role::Member => true,
            Role::Named(role) => WORDS.roles.contains(role),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::method::{Firmness, Meeting, RawPlan, TextsOf};

    fn slug(word: &str) -> Slug {
        Slug::try_from(word.to_owned()).expect("is a word")
    }

    fn changed(change: impl FnOnce(&mut RawPlan)) -> bool {
        let methods = Method::catalogue().expect("can be read");
        let mut raw = RawPlan::from(methods[0].plan(Firmness::Guide, Meeting::Call).expect("is valid"));
        change(&mut raw);
        Plan::try_from(raw).expect("is valid").is_known()
    }

    fn with_texts(method: &str, phase: &str, id: &str) -> bool {
        changed(|raw| {
            raw.phases[3].texts = Some(TextsOf { method: slug(method), phase: slug(phase) });
            raw.phases[3].id = slug(id);
        })
    }

    #[test]
    fn t24_edit_15_a_plan_of_the_catalogue_is_known_and_no_word_of_anybodys_own() {
        for method in Method::catalogue().expect("can be read") {
            for firmness in [Firmness::Guide, Firmness::Firm] {
                assert!(
                    method.plan(firmness, Meeting::Room).expect("is valid").is_known(),
                    "{}",
                    method.name
                );
            }
        }
        assert!(changed(|_| {}));
        assert!(!changed(|raw| raw.phases[0].id = slug("tom-said-that-he-hates-the-head")));
        assert!(!changed(|raw| raw.phases[0].id = slug("present-2")), "without a word about its texts");
        assert!(!changed(|raw| raw.method = slug("ours")));
        assert!(!changed(|raw| raw.method = slug("common")));
        assert!(with_texts("common", "break", "break") && with_texts("common", "break", "break-12"));
        assert!(with_texts("ruch", "review", "review-3"));
        assert!(!with_texts("common", "break", "break-1234") && !with_texts("common", "break", "break-a"));
        assert!(!with_texts("common", "break", "breakfast") && !with_texts("common", "break", "break-"));
        assert!(!with_texts("common", "tea", "tea") && !with_texts("ours", "break", "break"));
        let named = |role: &str| {
            changed(|raw| {
                raw.phases[3].floor.speakers.insert(Role::Named(slug(role)));
            })
        };
        assert!(named("consultant") && !named("tom"));
    }
}
