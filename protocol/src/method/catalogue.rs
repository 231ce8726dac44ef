//! Methods: phases with their texts, and the catalogue of them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Facilitates, Firmness, Meeting, Plan, PlanError, PlanPhase, RawPlan, Slug};

/// What a method is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Aim {
    /// Thinking before acting.
    Reflect,
    /// Ideas for what to do.
    Advise,
    /// The presenter's own next step.
    Coach,
}

/// Slow questions for one phase, by who reads them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Prompts {
    /// For the presenter.
    pub presenter: Vec<String>,
    /// For the group.
    pub group: Vec<String>,
    /// For the facilitator alone.
    pub facilitator: Vec<String>,
}

/// What one sentence tells people to do in a phase, where the usual one does not fit. `{name}` stands for the presenter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Says {
    /// To the presenter.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presenter: Option<String>,
    /// To others whose floor it is.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speakers: Option<String>,
    /// To everyone else.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listeners: Option<String>,
}

/// One phase of a method: a phase of a plan with its texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MethodPhase {
    /// Its heading.
    pub title: String,
    /// Whether it can be switched off.
    pub optional: bool,
    /// Whether it stands in the plan unless changed.
    pub chosen: bool,
    /// What a plan takes over.
    pub plan: PlanPhase,
    /// Sentences of its own.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<Says>,
    /// Slow questions.
    pub prompts: Prompts,
}

/// How many people a method is for, the presenter and whoever facilitates included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GroupSize {
    /// Fewest people, at least 3.
    pub least: u8,
    /// Most people.
    pub most: u8,
}

/// A role of a method's own, held by one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MethodRole {
    /// Its word in floors.
    pub id: Slug,
    /// What it is called.
    pub title: String,
    /// What its holder does, in one sentence.
    pub task: String,
}

/// What a method with roles calls everyone who has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OtherRole {
    /// What one of them is called.
    pub title: String,
    /// What they do, in one sentence.
    pub task: String,
}

/// A method: a template that plans are made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Method {
    /// Its word in plans.
    pub id: Slug,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub aim: Aim,
    /// For how many people.
    pub size: GroupSize,
    /// What happens in it, in one sentence.
    pub summary: String,
    /// Whose method it is after.
    pub credit: String,
    /// On what terms it stands here.
    pub terms: String,
    /// Where its shape was read.
    pub sources: Vec<String>,
    /// The promises that each person agrees to.
    pub ground_rules: Vec<String>,
    /// The roles that its floors name; most methods have none.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<MethodRole>>,
    /// Everyone who has none of these roles.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub others: Option<OtherRole>,
    /// Its phases, in order.
    pub phases: Vec<MethodPhase>,
}

/// The word that [`super::TextsOf`] has for phases of no method. No method is called so.
pub const COMMON: &str = "common";

/// Phases that belong to no method, such as a break, to be added to any plan.
///
/// # Errors
/// A file that does not hold phases; a test shows that it does.
pub fn common_phases() -> Result<Vec<MethodPhase>, serde_json::Error> {
    serde_json::from_str(include_str!("../common-phases.json"))
}

impl Method {
    /// All methods of the catalogue: the default first, then those for reflecting, coaching and advising.
    ///
    /// # Errors
    /// A file that does not hold a method; a test shows that there is none.
    pub fn catalogue() -> Result<Vec<Self>, serde_json::Error> {
        [
            include_str!("../methods/ruch.json"),
            include_str!("../methods/ruch-short.json"),
            include_str!("../methods/intervision.json"),
            include_str!("../methods/reflecting-team.json"),
            include_str!("../methods/balint.json"),
            include_str!("../methods/case-clinic.json"),
            include_str!("../methods/talk-about.json"),
            include_str!("../methods/bells.json"),
            include_str!("../methods/action-learning.json"),
            include_str!("../methods/peer-consultation.json"),
            include_str!("../methods/dilemma-consultation.json"),
            include_str!("../methods/incident.json"),
            include_str!("../methods/first-step.json"),
            include_str!("../methods/in-threes.json"),
            include_str!("../methods/quick-consultation.json"),
            include_str!("../methods/work-feedback.json"),
        ]
        .into_iter()
        .map(serde_json::from_str)
        .collect()
    }

    /// The plan of its chosen phases.
    ///
    /// # Errors
    /// Why the phases cannot be run.
    pub fn plan(&self, firmness: Firmness, meeting: Meeting) -> Result<Plan, PlanError> {
        let chosen = self.phases.iter().filter(|phase| phase.chosen);
        let phases = chosen.map(|phase| phase.plan.clone()).collect();
        let facilitates = Facilitates::Host;
        Plan::try_from(RawPlan { method: self.id.clone(), firmness, meeting, facilitates, phases })
    }
}
