//! A socket at the door: it is shown how it stands, says who knocks, and waits until a person opens.

use attune_protocol::door::KnockerMessage;
use attune_protocol::server::{CloseCode, ServerMessage};
use attune_protocol::version::Version;
use std::sync::Arc;
use tokio::sync::watch;

use super::super::json::read;
use super::wire::{Heard, Wire};
use super::{End, Stream, stopped};
use crate::clock::Clock;
use crate::door::{AtDoor, KnockNews};
use crate::limits::Bucket;
use crate::outlook::write;
use crate::rooms::{Credentials, Entered, Message, Rooms};

/// Waits until somebody is let in, or is not.
pub(super) async fn wait<S: Stream>(
    rooms: &Arc<Rooms>,
    stopping: &mut watch::Receiver<bool>,
    wire: &mut Wire<S>,
    mut at_door: AtDoor,
) -> Result<Entered, End> {
    let (mut heard_at, mut asked) = (wire.clock.now(), false);
    let mut messages = Bucket::default();
    loop {
        let patience = if asked { wire.limits.silent_after } else { wire.limits.ask_after };
        let too_long = wire.clock.sleep_until(heard_at + patience);
        tokio::select! {
            biased;
            news = at_door.news.next() => match news {
                Some(KnockNews::Show(frame)) => wire.send(&frame).await?,
                Some(KnockNews::Handed(frame)) => {
                    wire.send(&frame).await?;
                    // The page comes in by the link from here on.
                    return Err(End::Close(CloseCode::Replaced));
                }
                Some(KnockNews::Enter) => return enter(rooms, wire.version, at_door).await,
                Some(KnockNews::Close(code)) => return Err(End::Close(code)),
                None => return Err(End::Close(CloseCode::Restarting)),
            },
            () = stopped(stopping) => return Err(End::Close(CloseCode::Restarting)),
            heard = wire.next() => {
                (heard_at, asked) = (wire.clock.now(), false);
                let Heard::Text(text) = heard? else { continue };
                if !messages.take(wire.limits.messages, 1, heard_at) {
                    return Err(End::Close(CloseCode::TooFast));
                }
                let Some(message) = read(&text, &wire.limits) else {
                    return Err(End::Close(CloseCode::NotUnderstood));
                };
                say(wire, &at_door, message).await?;
            }
            () = too_long => {
                if std::mem::replace(&mut asked, true) {
                    return Err(End::Close(CloseCode::Silent));
                }
                wire.ask().await?;
            }
        }
    }
}

async fn say<S: Stream>(wire: &mut Wire<S>, at_door: &AtDoor, message: KnockerMessage) -> Result<(), End> {
    if let KnockerMessage::Ping { sent } = message {
        let pong = write(&ServerMessage::Pong { sent, now: at_door.clock.now() });
        return wire.send(&pong).await;
    }
    let AtDoor { token, connection, mailbox, .. } = at_door;
    let said = Message::Said { token: *token, connection: *connection, message: Box::new(message) };
    mailbox.send(said).await.map_err(|_| End::Close(CloseCode::Restarting))
}

/// The door may be open now: in, or told why not.
async fn enter(rooms: &Arc<Rooms>, version: Version, at_door: AtDoor) -> Result<Entered, End> {
    let (session, token, invite) = (at_door.session, at_door.token, at_door.invite);
    drop(at_door);
    rooms.enter(session, Credentials { version, token, invite }).await.map_err(|code| {
        // Turned to knocking again in this very moment: the page comes again.
        End::Close(if code == CloseCode::Knock { CloseCode::Restarting } else { code })
    })
}
