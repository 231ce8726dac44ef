//! The TypeScript form of the protocol, as `web/src/protocol.ts` holds it.

use ts_rs::{Config, TS};

macro_rules! declarations {
    ($config:expr; $($type:ty),* $(,)?) => {
        [$(<$type as TS>::decl($config),)*]
    };
}

/// The whole file.
pub fn generate() -> String {
    use crate::{
        agreement::*, client::*, display::*, door::*, ending::*, ids::*, method::*, moving::*, sealed::*,
        server::*, version::PROTOCOL_VERSION, view::*,
    };
    let config = Config::new().with_large_int("number");
    let mut file = String::from(
        "// Generated from the protocol crate: `make protocol` writes it, and a test compares it.\n\n",
    );
    let declarations = declarations![&config;
        SessionId, Invite, SeatToken, DisplaySecret, SecretHash, CommandId, SeatNumber, Revision, Timestamp, Millis, Sealed, SealedLine, InviteChange,
        AgreementLines, Agreement,
        Slug, FloorMode, Role, Position, NotesPolicy, FloorRule, TextsOf, PlanPhase, Firmness, Meeting, Facilitates, Plan, Aim, Prompts,
        Says, MethodPhase, GroupSize, MethodRole, OtherRole, Method,
        Answers, Totals, Thanks, TalkState, Talk, Private,
        FirstMessage, ClientMessage, Moment, Extension, MinutesFrom, Door, DoorCode, KnockKey, HoldMessage,
        KnockerMessage, DoorView, CodeView, KnockView, KnockerView, Revealed, WaitingView, Command,
        SeatCode, MovingView, SeatCodeView, MovingDevice,
        DisplayMessage, DisplayLinkView, DisplayView, DisplayStage, DisplayTiming, DisplayBetween, JoiningView, DisplayNames,
        SessionView, StageView, BetweenView, RunningView, KeptPhase, TimingView, RoundView, ClosedView, CaseRecord, PhaseRecord, SeatView, ChairView,
        FloorView, PauseRequestView, Reminder, ReminderView, UndoView, Act, ActKind,
        ServerMessage, Texts, SealedName, Refusal,
    ];
    for declaration in declarations {
        file.push_str("export ");
        file.push_str(&declaration);
        file.push_str("\n\n");
    }
    file.push_str(&format!("export const PROTOCOL_VERSION = {PROTOCOL_VERSION};\n\n"));
    file.push_str(&format!("export const COMMON = '{COMMON}';\n\n"));
    file.push_str(&format!("export const MOST_PHASES = {MOST_PHASES};\n\n"));
    file.push_str(&format!("export const LEAST_MINUTES = {LEAST_MINUTES};\n\n"));
    file.push_str(&format!("export const LONGEST_PHASE_MINUTES = {LONGEST_PHASE_MINUTES};\n\n"));
    file.push_str(&format!("export const LONGEST_PLAN_MINUTES = {LONGEST_PLAN_MINUTES};\n\n"));
    file.push_str(&format!("export const MOST_UNUSED_LINKS = {MOST_UNUSED_LINKS};\n\n"));
    file.push_str(&format!("export const CODE_LETTERS = '{CODE_LETTERS}';\n\n"));
    file.push_str(&format!("export const CODE_LENGTH = {CODE_LENGTH};\n\n"));
    file.push_str(&format!("export const SEAT_CODE_LENGTH = {SEAT_CODE_LENGTH};\n\n"));
    file.push_str(&format!("export const MOST_AGREEMENT_LINES = {MOST_AGREEMENT_LINES};\n\n"));
    file.push_str(&format!("export const MOST_CASES = {MOST_CASES};\n\n"));
    file.push_str(&format!("export const LEAST_COUNTED = {LEAST_COUNTED};\n\n"));
    file.push_str("export const CLOSE_CODES = {\n");
    for code in CloseCode::ALL {
        let (word, number, retry) = (code.word(), code.code(), code.retry());
        file.push_str(&format!("  {word}: {{ code: {number}, retry: {retry} }},\n"));
    }
    file.push_str("} as const;\n");
    file
}
