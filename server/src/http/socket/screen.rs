//! The socket of a screen: it is shown the part and its time, says that it is there, and can do nothing.

use attune_protocol::display::DisplayMessage;
use attune_protocol::ids::Timestamp;
use attune_protocol::server::{CloseCode, ServerMessage};
use tokio::sync::watch;

use super::super::json::read;
use super::wire::{Heard, Wire};
use super::{End, Stream, stopped};
use crate::clock::Clock;
use crate::limits::Bucket;
use crate::outlook::write;
use crate::screens::{ScreenNews, Watching};

/// Shows what there is to show until one of the two sides ends it.
pub(super) async fn run<S: Stream>(
    stopping: &mut watch::Receiver<bool>,
    wire: &mut Wire<S>,
    mut watching: Watching,
) -> End {
    let mut screen = Screen { heard_at: wire.clock.now(), asked: false, shown_at: Timestamp(0) };
    let mut messages = Bucket::default();
    loop {
        let turn = screen.turn(stopping, wire, &mut watching, &mut messages).await;
        if let Err(end) = turn {
            return end;
        }
    }
}

struct Screen {
    heard_at: Timestamp,
    /// A ping has gone out since.
    asked: bool,
    /// The newest event's time, below which server time does not go.
    shown_at: Timestamp,
}

impl Screen {
    async fn turn<S: Stream>(
        &mut self,
        stopping: &mut watch::Receiver<bool>,
        wire: &mut Wire<S>,
        watching: &mut Watching,
        messages: &mut Bucket,
    ) -> Result<(), End> {
        let patience = if self.asked { wire.limits.silent_after } else { wire.limits.ask_after };
        let too_long = wire.clock.sleep_until(self.heard_at + patience);
        tokio::select! {
            biased;
            news = watching.news.next() => match news {
                Some(ScreenNews::Show(frame, newest_at)) => {
                    self.shown_at = self.shown_at.max(newest_at);
                    wire.send(&frame).await
                }
                Some(ScreenNews::Close(code)) => Err(End::Close(code)),
                None => Err(End::Close(CloseCode::Restarting)),
            },
            () = stopped(stopping) => Err(End::Close(CloseCode::Restarting)),
            heard = wire.next() => {
                (self.heard_at, self.asked) = (wire.clock.now(), false);
                let Heard::Text(text) = heard? else { return Ok(()) };
                if !messages.take(wire.limits.messages, 1, self.heard_at) {
                    return Err(End::Close(CloseCode::TooFast));
                }
                let Some(DisplayMessage::Ping { sent }) = read(&text, &wire.limits) else {
                    return Err(End::Close(CloseCode::NotUnderstood));
                };
                let now = watching.clock.now().max(self.shown_at);
                wire.send(&write(&ServerMessage::Pong { sent, now })).await
            }
            () = too_long => {
                if std::mem::replace(&mut self.asked, true) {
                    return Err(End::Close(CloseCode::Silent));
                }
                wire.ask().await
            }
        }
    }
}
