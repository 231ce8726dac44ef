//! Which plans can be run: each rule at its limit and one past it.

#![expect(clippy::unwrap_used, reason = "a test may panic, and so may its helpers")]

use attune_protocol::method::{
    Facilitates, Firmness, Meeting, Method, Plan, PlanError, PlanPhase, Position, RawPlan,
};
use serde_json::{Value, json};

fn phase(id: usize, minutes: u16) -> PlanPhase {
    serde_json::from_value(json!({
        "id": format!("phase-{id}"),
        "minutes": minutes,
        "floor": { "mode": "open", "speakers": ["member"] },
        "presenter": "participant",
        "holdSilence": false,
        "notes": "none",
    }))
    .unwrap()
}

fn plan(phases: Vec<PlanPhase>) -> Result<Plan, PlanError> {
    let method = "method".to_owned().try_into().unwrap();
    let (firmness, meeting, facilitates) = (Firmness::Guide, Meeting::Room, Facilitates::Host);
    Plan::try_from(RawPlan { method, firmness, meeting, facilitates, phases })
}

fn plan_of(minutes: &[u16]) -> Result<Plan, PlanError> {
    plan(minutes.iter().enumerate().map(|(id, &minutes)| phase(id, minutes)).collect())
}

/// One phase whose floor and position are these.
fn with_floor(mode: &str, speakers: Value, presenter: &str) -> Result<Plan, PlanError> {
    let mut only = phase(0, 5);
    only.floor = serde_json::from_value(json!({ "mode": mode, "speakers": speakers })).unwrap();
    only.presenter = serde_json::from_value(json!(presenter)).unwrap();
    plan(vec![only])
}

#[test]
fn plan_5_counts_and_minutes() {
    let table: [(&[u16], Result<(), PlanError>); 10] = [
        (&[], Err(PlanError::PhaseCount)),
        (&[1], Ok(())),
        (&[1; 16], Ok(())),
        (&[1; 17], Err(PlanError::PhaseCount)),
        (&[0], Err(PlanError::Minutes)),
        (&[180], Ok(())),
        (&[181], Err(PlanError::Minutes)),
        (&[180, 180, 120], Ok(())),
        (&[180, 180, 121], Err(PlanError::Minutes)),
        (&[65_535; 16], Err(PlanError::Minutes)),
    ];
    for (minutes, expected) in table {
        assert_eq!(plan_of(minutes).map(drop), expected, "{minutes:?}");
    }
}

#[test]
fn plan_5_no_phase_stands_twice() {
    assert_eq!(plan(vec![phase(1, 5), phase(2, 5), phase(1, 9)]), Err(PlanError::SamePhaseTwice));
}

#[test]
fn plan_6_floors_and_their_speakers() {
    for mode in ["single", "open", "round"] {
        assert_eq!(with_floor(mode, json!([]), "participant").map(drop), Err(PlanError::Floor), "{mode}");
        assert_eq!(with_floor(mode, json!(["member"]), "participant").map(drop), Ok(()), "{mode}");
        assert_eq!(
            with_floor(mode, json!([{ "named": "planner" }]), "participant").map(drop),
            Ok(()),
            "{mode}"
        );
    }
    assert_eq!(with_floor("none", json!([]), "silent_thinking").map(drop), Ok(()));
    assert_eq!(with_floor("none", json!(["member"]), "silent_thinking").map(drop), Err(PlanError::Floor));
}

#[test]
fn plan_6_a_silent_presenter_is_no_speaker() {
    for (position, silent) in [
        ("speaking", false),
        ("answering", false),
        ("silent_listening", true),
        ("silent_thinking", true),
        ("outside", true),
        ("responding", false),
        ("leading", false),
        ("participant", false),
    ] {
        let expected = if silent { Err(PlanError::SilentSpeaker) } else { Ok(()) };
        let both = json!(["presenter", "member"]);
        assert_eq!(with_floor("open", both, position).map(drop), expected, "{position}");
        let parsed: Position = serde_json::from_value(json!(position)).unwrap();
        assert_eq!(parsed.is_silent(), silent);
        assert_eq!(parsed.needs_presenter(), position != "participant");
    }
}

/// The same texts may stand in a plan twice, each phase under an id of its own.
#[test]
fn plan_17_a_phase_says_where_its_texts_stand() {
    let texts = json!({ "method": "common", "phase": "break" });
    let mut first = serde_json::to_value(phase(1, 5)).unwrap();
    assert_eq!(first.get("texts"), None, "absent where they are its own");
    first["texts"] = texts.clone();
    let mut second = first.clone();
    second["id"] = json!("phase-2");
    let read = |value: &Value| serde_json::from_value::<PlanPhase>(value.clone());
    let both = plan(vec![read(&first).unwrap(), read(&second).unwrap()]).unwrap();
    assert_eq!(serde_json::to_value(&both).unwrap()["phases"], json!([first, second]));
    for wrong in [json!("break"), json!({ "method": "common" }), json!({ "method": "A", "phase": "break" })] {
        first["texts"] = wrong;
        assert!(read(&first).is_err(), "{first}");
    }
    first["texts"] = json!({ "method": "common", "phase": "break", "title": "Tea" });
    assert!(read(&first).is_err(), "no text of a person");
}

/// The page has the same cases.
#[test]
fn edit_7_the_page_and_the_server_take_the_same_plans() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("plan-cases.json")).unwrap();
    let methods = Method::catalogue().unwrap();
    let good = serde_json::to_value(methods[0].plan(Firmness::Guide, Meeting::Call).unwrap()).unwrap();
    assert!(cases.len() > 20);
    for case in cases {
        let mut plan = good.clone();
        let path = case["path"].as_str().unwrap();
        match plan.pointer_mut(path) {
            Some(place) => *place = case["value"].clone(),
            None => {
                let (parent, name) = path.rsplit_once('/').unwrap();
                plan.pointer_mut(parent).unwrap()[name] = case["value"].clone();
            }
        }
        assert_eq!(serde_json::from_value::<Plan>(plan).is_ok(), case["valid"] == true, "{}", case["what"]);
    }
}

/// What the rules forbid cannot come in by the wire either.
#[test]
fn plan_5_and_6_hold_for_what_is_read() {
    let good = serde_json::to_value(plan_of(&[5, 7]).unwrap()).unwrap();
    assert!(serde_json::from_value::<Plan>(good.clone()).is_ok());
    let spoilt: [(&str, Value); 8] = [
        ("/phases/0/minutes", json!(0)),
        ("/phases/0/minutes", json!(-1)),
        ("/phases/0/minutes", json!(5.5)),
        ("/phases/0/minutes", json!(70_000)),
        ("/phases/1/id", json!("phase-0")),
        ("/phases/0/floor/speakers", json!([])),
        ("/phases/0/presenter", json!("away")),
        ("/phases", json!([])),
    ];
    for (path, value) in spoilt {
        let mut plan = good.clone();
        *plan.pointer_mut(path).unwrap() = value.clone();
        assert!(serde_json::from_value::<Plan>(plan).is_err(), "{path} = {value}");
    }
}

#[test]
fn plan_9_every_method_gives_a_valid_plan_with_all_and_with_the_chosen_phases() {
    for mut method in Method::catalogue().unwrap() {
        for firmness in [Firmness::Guide, Firmness::Firm] {
            assert!(method.plan(firmness, Meeting::Call).is_ok(), "{}", method.name);
        }
        method.phases.iter_mut().for_each(|phase| phase.chosen = true);
        assert!(method.plan(Firmness::Guide, Meeting::Room).is_ok(), "{}", method.name);
        method.phases.retain(|phase| !phase.optional);
        assert!(method.plan(Firmness::Guide, Meeting::Room).is_ok(), "{}", method.name);
    }
}

#[test]
fn round_18_minutes_of_a_turn_fit_its_phase_and_stand_in_a_round_only() {
    let table = [
        ("round", 1, Ok(())),
        ("round", 5, Ok(())),
        ("round", 0, Err(PlanError::Turns)),
        ("round", 6, Err(PlanError::Turns)),
        ("open", 2, Err(PlanError::Turns)),
        ("single", 2, Err(PlanError::Turns)),
    ];
    for (mode, minutes, expected) in table {
        let mut only = phase(0, 5);
        only.floor = serde_json::from_value(json!({ "mode": mode, "speakers": ["member"] })).unwrap();
        only.turn_minutes = Some(minutes);
        assert_eq!(plan(vec![only]).map(drop), expected, "{mode} {minutes}");
    }
    let mut good = serde_json::to_value(plan_of(&[5]).unwrap()).unwrap();
    good["phases"][0]["floor"]["mode"] = json!("round");
    for (minutes, reads) in
        [(json!(3), true), (json!(0), false), (json!(1.5), false), (json!("2"), false), (json!(9), false)]
    {
        good["phases"][0]["turnMinutes"] = minutes.clone();
        assert_eq!(serde_json::from_value::<Plan>(good.clone()).is_ok(), reads, "{minutes}");
    }
}
