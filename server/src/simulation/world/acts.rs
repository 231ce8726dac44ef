//! What people do with their pages, at random and to some purpose.

use attune_protocol::client::{ClientMessage, Command};
use attune_protocol::ids::{CommandId, DisplaySecret, Invite, Millis};
use attune_protocol::view::{SeatView, SessionView, StageView};

use super::super::page::Unanswered;
use super::{Task, World};
use crate::secret::{hash_display, hash_invite};
use crate::session::tests::laws::draw::Drawer;

/// What is no message, or not one of a page.
const JUNK: [&str; 6] =
    ["", "{", "[[[[[[[[[[[[[[[[[1", "{\"type\":\"command\"}", "{\"type\":\"ping\",\"sent\":\"x\"}", "null"];

impl World {
    /// A person does something with the page, if it is open and awake.
    pub(super) fn act(&mut self, page: usize) {
        let mean = self.weather.act_every;
        let wait =
            if self.chance.percent(10) { Millis(self.chance.between(0, 400)) } else { self.around(mean) };
        self.after(wait, Task::Act(page));
        let one = &self.pages[page];
        if one.is_asleep() || !one.is_connected() {
            return;
        }
        match self.chance.below(200) {
            0 => {
                let junk = *self.chance.pick(&JUNK);
                self.say(page, junk);
            }
            1..5 => self.say_message(page, &ClientMessage::History {}),
            5..11 if !one.answered.is_empty() => {
                let (request, command) = self.chance.pick(&one.answered).clone();
                if let Some(seat) = one.seat {
                    self.truths.ask(seat, request, command.clone());
                }
                self.say_message(page, &ClientMessage::Command { request, command });
            }
            11 if self.chance.percent(20) => {
                self.pages[page].erases = true;
                self.connect(page);
            }
            12..16 => self.connect(page),
            _ => self.command(page),
        }
    }

    fn command(&mut self, page: usize) {
        let one = &self.pages[page];
        let Some((seat, view)) = one.seat.zip(one.view()) else { return };
        let chance = &mut self.chance;
        let row = view.seats.iter().find(|row| row.seat == seat);
        let mut command = match row {
            Some(row) if (!row.agreed || row.asked_again) && chance.percent(80) => {
                Command::Agree { seat, agreement: one.agreement() }
            }
            Some(row) if chance.percent(50) => match purpose(row, view, chance.below(3)) {
                Some(command) => command,
                None => return,
            },
            _ => {
                let (revision, agreement) = (one.revision, one.agreement());
                let mut drawer = Drawer { chance, view, revision, agreement, invites: &mut 0 };
                drawer.command(seat)
            }
        };
        let ends = matches!(command, Command::End { .. } | Command::Leave {} | Command::Remove { .. });
        if ends && self.chance.percent(70) {
            command = Command::NeedPause {};
        }
        let request = CommandId(uuid::Uuid::from_u64_pair(self.chance.draw(), self.chance.draw()));
        if let Command::Remove { invite: change, .. } | Command::ChangeLink { invite: change } = &mut command
        {
            let invite = Invite::from_bytes(self.draw_bytes());
            self.groups[self.pages[page].group].changes.push((request, invite));
            change.hash = hash_invite(&invite);
        }
        if let Command::MakePersonalLink { invite, .. } = &mut command {
            let drawn = Invite::from_bytes(self.draw_bytes());
            self.groups[self.pages[page].group].personal.push((request, drawn));
            *invite = hash_invite(&drawn);
        }
        if let Command::MakeDisplay { secret, .. } = &mut command {
            let drawn = DisplaySecret::from_bytes(self.draw_bytes());
            self.groups[self.pages[page].group].displays.push((request, drawn));
            *secret = hash_display(&drawn);
        }
        self.truths.ask(seat, request, command.clone());
        self.pages[page].unanswered.push(Unanswered { request, command: command.clone(), sent_at: self.now });
        self.say_message(page, &ClientMessage::Command { request, command });
    }
}

/// What a person who means to work does here, so that meetings get somewhere.
fn purpose(row: &SeatView, view: &SessionView, choice: usize) -> Option<Command> {
    let moment = match &view.stage {
        StageView::Lobby { between } => between.as_ref().map(|between| between.moment).unwrap_or_default(),
        StageView::Running(running) => {
            let turn = running.round.as_ref().and_then(|round| round.speaker);
            return match choice {
                0 if turn == Some(row.seat) => Some(Command::FinishTurn { moment: running.moment }),
                1 if running.presenter_missing => {
                    let seat = view.seats.iter().find(|row| row.agreed).map(|row| row.seat);
                    Some(Command::ChoosePresenter { moment: running.moment, seat })
                }
                2 if turn == Some(row.seat) => Some(Command::PutOffTurn { moment: running.moment }),
                2 => Some(Command::Resume { moment: running.moment }),
                3 if running.phase + 1 == view.plan.phases().len() => {
                    Some(Command::ArrangeCase { moment: running.moment, another: true })
                }
                _ => None,
            };
        }
        StageView::Newcomer {} | StageView::Closed(_) => return None,
    };
    match choice {
        0 => Some(Command::OfferToPresent {}),
        1 => {
            let seat = view.seats.iter().rev().find(|row| row.agreed).map(|row| row.seat);
            Some(Command::ChoosePresenter { moment, seat })
        }
        2 if view.presenter.is_none() => Some(Command::DrawPresenter { moment }),
        _ => Some(Command::Begin { moment }),
    }
}
