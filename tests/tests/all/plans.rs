//! Plans that were put together from several methods, through real sockets.

use attune_protocol::client::Command;
use attune_protocol::method::{
    COMMON, Facilitates, Firmness, FloorMode, FloorRule, MOST_PHASES, Meeting, Method, MethodPhase, Plan,
    PlanPhase, Position, RawPlan, Role, Slug, TextsOf, common_phases,
};
use attune_tests::group::{Group, create};
use attune_tests::secrets::{draw_invite, draw_token};
use attune_tests::server::TestServer;

fn slug(text: String) -> Slug {
    text.try_into().expect("is a slug")
}

/// A phase as a page adds it and a person opens it to everyone: under an id of its own, with its texts elsewhere.
fn added((index, (method, phase)): (usize, (Slug, MethodPhase))) -> PlanPhase {
    let id = slug(format!("{}-{}", phase.plan.id.as_str(), index + 2));
    let texts = Some(TextsOf { method, phase: phase.plan.id.clone() });
    let own = ["consultant", "planner"].map(|role| Role::Named(slug(role.to_owned())));
    let speakers = own.into_iter().chain([Role::Presenter, Role::Facilitator, Role::Member]).collect();
    let floor = FloorRule { mode: FloorMode::Round, speakers };
    PlanPhase { id, texts, minutes: 30, floor, presenter: Position::Participant, ..phase.plan }
}

/// The phases that take most to say, of all methods and of none.
fn longest_plan() -> Plan {
    let methods = Method::catalogue().expect("the catalogue can be read");
    let of_methods = methods.into_iter().flat_map(|method| {
        let id = method.id.clone();
        method.phases.into_iter().map(move |phase| (id.clone(), phase))
    });
    let common = common_phases().expect("the phases can be read").into_iter();
    let mut all: Vec<_> = of_methods
        .chain(common.map(|phase| (slug(COMMON.to_owned()), phase)))
        .enumerate()
        .map(added)
        .collect();
    all.sort_by_key(|phase| std::cmp::Reverse(serde_json::to_string(phase).expect("is data").len()));
    all.truncate(MOST_PHASES);
    Plan::try_from(RawPlan {
        method: slug("dilemma-consultation".to_owned()),
        firmness: Firmness::Guide,
        meeting: Meeting::Call,
        facilitates: Facilitates::Host,
        phases: all,
    })
    .expect("is valid")
}

#[tokio::test]
async fn plan_18_a_plan_of_sixteen_phases_from_anywhere_is_set_up_and_changed() {
    let server = TestServer::start().await;
    let plan = longest_plan();
    assert_eq!(plan.phases().len(), MOST_PHASES);
    let frame = create(plan.clone(), &draw_invite(), draw_token());
    let length = serde_json::to_string(&frame).expect("is data").len();
    assert!(length > 4 * 1024, "{length} bytes need the limit as it is");
    let group = Group::gather(server.address(), plan.clone(), 2).await;
    assert_eq!(*group.common_view().plan, plan);
    let mut raw = RawPlan::from(plan);
    raw.phases.reverse();
    let turned = Plan::try_from(raw).expect("is valid");
    let revision = group[0].accept(Command::ChangePlan { plan: turned.clone() }).await;
    group.all_catch_up(revision).await;
    assert_eq!(*group.common_view().plan, turned);
}
