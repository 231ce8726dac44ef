//! The catalogue holds methods that can be run, in words that fit a phone and are our own.

#![expect(clippy::unwrap_used, reason = "a test may panic, and so may its helpers")]

use attune_protocol::ids::Millis;
use attune_protocol::method::{
    Aim, COMMON, Facilitates, Firmness, FloorMode, Meeting, Method, MethodPhase, Plan, Position, RawPlan,
    Role, Says, common_phases,
};
use std::collections::BTreeSet;

fn catalogue() -> Vec<Method> {
    Method::catalogue().unwrap()
}

/// Every phase with whose it is: those of methods, and those of none.
fn phases() -> Vec<(String, MethodPhase)> {
    let own = |method: Method| {
        let name = method.id.as_str().to_owned();
        method.phases.into_iter().map(move |phase| (name.clone(), phase))
    };
    let common = common_phases().unwrap().into_iter().map(|phase| (COMMON.to_owned(), phase));
    catalogue().into_iter().flat_map(own).chain(common).collect()
}

/// Id, aim, minutes and group of a method, as its source has them.
type Shape = (&'static str, Aim, &'static [u16], (u8, u8));

const SHAPES: [Shape; 16] = [
    ("ruch", Aim::Reflect, &[10, 25, 15, 10], (4, 8)),
    ("ruch-short", Aim::Reflect, &[10, 25, 15], (4, 8)),
    ("intervision", Aim::Reflect, &[8, 15, 5, 10], (4, 8)),
    ("reflecting-team", Aim::Reflect, &[5, 5, 2, 12, 5], (4, 8)),
    ("balint", Aim::Reflect, &[8, 4, 25, 8], (6, 10)),
    ("case-clinic", Aim::Reflect, &[5, 4, 1, 5, 1, 12, 5], (4, 5)),
    ("talk-about", Aim::Reflect, &[5, 15, 15, 15, 5], (4, 8)),
    ("bells", Aim::Reflect, &[3, 8, 12, 12, 6, 4, 10], (5, 10)),
    ("action-learning", Aim::Coach, &[2, 8, 12, 2, 2], (5, 8)),
    ("peer-consultation", Aim::Advise, &[5, 7, 5, 5, 10, 5], (6, 9)),
    ("dilemma-consultation", Aim::Advise, &[8, 5, 10, 15, 5, 5], (5, 10)),
    ("incident", Aim::Advise, &[5, 10, 5, 15, 10, 10, 10], (5, 8)),
    ("first-step", Aim::Advise, &[5, 5, 5, 5, 5], (5, 9)),
    ("in-threes", Aim::Advise, &[1, 2, 2, 5, 2], (3, 4)),
    ("quick-consultation", Aim::Advise, &[2, 3, 8, 2], (4, 7)),
    ("work-feedback", Aim::Advise, &[4, 15, 5, 3, 10, 5], (6, 12)),
];

fn minutes(plan: &Plan) -> Vec<u16> {
    plan.phases().iter().map(|phase| phase.minutes).collect()
}

#[test]
fn plan_1_the_default_plan_is_ruchs() {
    let ruch = catalogue()[0].plan(Firmness::Guide, Meeting::Call).unwrap();
    assert_eq!(ruch.method().as_str(), "ruch");
    assert_eq!(minutes(&ruch), [10, 25, 15, 10]);
    assert_eq!(ruch.length_from(0), Millis::minutes(60));
}

#[test]
fn method_1_each_has_the_aim_minutes_and_group_of_its_source() {
    let shapes: Vec<_> = catalogue()
        .iter()
        .map(|method| {
            let plan = method.plan(Firmness::Guide, Meeting::Call).unwrap();
            (method.id.as_str().to_owned(), method.aim, minutes(&plan), (method.size.least, method.size.most))
        })
        .collect();
    let expected = SHAPES.map(|(id, aim, minutes, size)| (id.to_owned(), aim, minutes.to_vec(), size));
    assert_eq!(shapes, expected);
    assert!(SHAPES.iter().all(|(_, _, _, (least, most))| 3 <= *least && least <= most));
}

#[test]
fn method_1_every_position_and_every_floor_stands_in_the_catalogue() {
    let phases: Vec<_> = catalogue().into_iter().flat_map(|method| method.phases).collect();
    let positions: BTreeSet<Position> = phases.iter().map(|phase| phase.plan.presenter).collect();
    let floors: BTreeSet<FloorMode> = phases.iter().map(|phase| phase.plan.floor.mode).collect();
    assert_eq!((positions.len(), floors.len()), (8, 4));
    assert!(phases.iter().any(|phase| phase.plan.hold_silence));
}

/// Who speaks, and who only listens, has a question to think with; whoever steers has one too.
#[test]
fn method_2_who_needs_a_prompt_has_one() {
    for (method, MethodPhase { plan, prompts, says, .. }) in phases() {
        let what = format!("{method} {}", plan.id.as_str());
        let presents = plan.floor.speakers.contains(&Role::Presenter);
        assert!(!presents || !prompts.presenter.is_empty(), "{what}: the presenter");
        assert!(!plan.presenter.is_silent() || prompts.presenter.is_empty(), "{what}: silence");
        let speaks = plan.floor.mode != FloorMode::None;
        assert_eq!(!prompts.group.is_empty(), speaks, "{what}: the group");
        assert_eq!(!prompts.facilitator.is_empty(), speaks, "{what}: the facilitator");
        let says = says.unwrap_or_default();
        assert!(speaks || (says.presenter.is_some() && says.listeners.is_some()), "{what}: what is done");
    }
}

/// A round in which nobody reflects on a silence, and a part of its own before the case, have no usual sentence.
#[test]
fn method_2_a_part_without_a_usual_sentence_has_its_own() {
    for (method, MethodPhase { plan, says, .. }) in phases() {
        let own = says.unwrap_or_default();
        let (mode, position) = (plan.floor.mode, plan.presenter);
        let in_turn = mode == FloorMode::Round;
        let usual = plan.id.as_str() == "arrive" || plan.id.as_str() == "review" && !in_turn;
        let still = mode == FloorMode::None;
        let what = format!("{method} {}", plan.id.as_str());
        if position == Position::Participant && !usual && !still {
            assert!(own.speakers.is_some(), "{what}");
        }
        if in_turn && !usual && method != "ruch" {
            assert!(own.speakers.is_some(), "{what}");
        }
        if mode == FloorMode::Open && position == Position::Responding {
            assert!(own.presenter.is_some() && own.speakers.is_some(), "{what}");
        }
        let named = |role: &Role| matches!(role, Role::Named(_));
        if mode == FloorMode::Single && plan.floor.speakers.iter().any(named) {
            assert!(own.speakers.is_some() && own.listeners.is_some(), "{what}");
        }
    }
}

#[test]
fn method_3_roles_are_those_that_the_floors_name() {
    for method in catalogue() {
        let speakers = method.phases.iter().flat_map(|phase| phase.plan.floor.speakers.iter());
        let named: BTreeSet<&str> = speakers
            .filter_map(|role| if let Role::Named(id) = role { Some(id.as_str()) } else { None })
            .collect();
        let roles = method.roles.as_deref().unwrap_or_default();
        assert_eq!(
            roles.iter().map(|role| role.id.as_str()).collect::<BTreeSet<_>>(),
            named,
            "{}",
            method.name
        );
        assert_eq!(method.others.is_some(), !named.is_empty(), "{}", method.name);
    }
    assert_eq!(catalogue().iter().filter(|method| method.roles.is_some()).count(), 1);
}

#[test]
fn method_4_only_methods_for_reflecting_promise_not_to_fix() {
    let promise = "I think along and do not try to fix it.";
    for method in catalogue() {
        let promised = method.ground_rules.iter().any(|rule| rule == promise);
        assert_eq!(promised, method.aim == Aim::Reflect, "{}", method.name);
        assert_eq!(method.ground_rules.len(), 4, "{}", method.name);
    }
}

fn texts_of_phase(phase: &MethodPhase) -> impl Iterator<Item = (&String, usize)> {
    let prompts = [&phase.prompts.presenter, &phase.prompts.group, &phase.prompts.facilitator];
    let Says { presenter, speakers, listeners } = phase.says.as_ref().unwrap_or(&NOTHING);
    let says = [presenter, speakers, listeners].into_iter().flatten();
    let questions = prompts.into_iter().flatten().map(|text| (text, 90));
    questions.chain(says.map(|text| (text, 100))).chain([(&phase.title, 28)])
}

const NOTHING: Says = Says { presenter: None, speakers: None, listeners: None };

/// Every text that people read, with the most characters that it may have.
fn texts(method: &Method) -> Vec<(&String, usize)> {
    let roles = method.roles.iter().flatten().flat_map(|role| [(&role.title, 20), (&role.task, 60)]);
    let others = method.others.iter().flat_map(|role| [(&role.title, 20), (&role.task, 60)]);
    let own = [(&method.name, 36), (&method.summary, 100)];
    let rules = method.ground_rules.iter().map(|rule| (rule, 64));
    own.into_iter()
        .chain(rules)
        .chain(roles)
        .chain(others)
        .chain(method.phases.iter().flat_map(texts_of_phase))
        .collect()
}

#[test]
fn method_5_texts_are_short_and_calm() {
    let common = common_phases().unwrap();
    let of_methods = catalogue();
    let all = of_methods.iter().map(|method| (method.name.as_str(), texts(method)));
    for (whose, texts) in all.chain([(COMMON, common.iter().flat_map(texts_of_phase).collect())]) {
        for (text, most) in texts {
            let length = text.chars().count();
            assert!((1..=most).contains(&length), "{whose}: {length} of {most}: {text}");
            let lower = text.to_lowercase();
            for loud in [
                "!",
                "—",
                "–",
                "...",
                "'",
                "\"",
                "please",
                "sorry",
                "  ",
                "protocol",
                "client",
                "dilemma owner",
            ] {
                assert!(!lower.contains(loud), "{whose}: {loud:?} in {text}");
            }
        }
    }
    for (whose, phase) in phases() {
        for text in texts_of_phase(&phase).filter(|(_, most)| *most > 28).map(|(text, _)| text) {
            assert!(text.ends_with(['.', '?', '…']), "{whose}: {text}");
        }
    }
}

/// Names that others hold or license stand in the credit, and in nothing that we call our own.
#[test]
fn method_6_no_method_is_called_by_a_name_that_others_license() {
    let names = [
        "schwartz",
        "liberating",
        "troika",
        "wise crowds",
        "nsrf",
        "school reform",
        "tuning",
        "solution circle",
        "theory u",
        "presencing",
        "tietze",
        "heilsbronn",
        "bells that ring",
        "inclusion press",
        "ruch",
    ];
    for method in catalogue() {
        for (text, _) in texts(&method) {
            let lower = text.to_lowercase();
            assert!(names.iter().all(|name| !lower.contains(name)), "{}: {text}", method.name);
        }
        assert!(method.credit.starts_with("After "), "{}", method.name);
        assert!(
            method.credit.chars().count() <= 160 && method.terms.chars().count() <= 120,
            "{}",
            method.name
        );
        assert!(method.terms.contains("our own words"), "{}", method.name);
        assert!(!method.sources.is_empty() && method.sources.iter().all(|source| source.starts_with("http")));
    }
}

#[test]
fn method_7_ids_and_names_are_their_own() {
    let methods = catalogue();
    let ids: BTreeSet<_> = methods.iter().map(|method| method.id.as_str()).collect();
    let names: BTreeSet<_> = methods.iter().map(|method| method.name.as_str()).collect();
    assert_eq!((ids.len(), names.len()), (methods.len(), methods.len()));
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/methods")).unwrap();
    let files: BTreeSet<String> =
        files.map(|file| file.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(
        files.iter().map(String::as_str).collect::<BTreeSet<_>>(),
        ids,
        "every file is in the catalogue"
    );
}

#[test]
fn method_12_phases_of_no_method_fit_any_plan() {
    let common = common_phases().unwrap();
    let ids: BTreeSet<_> = common.iter().map(|phase| phase.plan.id.as_str()).collect();
    assert_eq!(ids.len(), common.len());
    assert!(catalogue().iter().all(|method| method.id.as_str() != COMMON));
    for phase in &common {
        let named = |role: &Role| matches!(role, Role::Named(_));
        assert!(!phase.plan.floor.speakers.iter().any(named), "{}: roles are a method's own", phase.title);
        let raw = RawPlan {
            method: catalogue()[0].id.clone(),
            firmness: Firmness::Guide,
            meeting: Meeting::Room,
            facilitates: Facilitates::Host,
            phases: vec![phase.plan.clone()],
        };
        assert!(Plan::try_from(raw).is_ok(), "{}", phase.title);
    }
}
