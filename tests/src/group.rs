//! People with browsers, and groups of them in one session.

use attune_protocol::client::{Command, FirstMessage};
use attune_protocol::door::DoorCode;
use attune_protocol::ids::{DisplaySecret, Invite, Revision, SeatNumber, SeatToken, SecretHash, SessionId};
use attune_protocol::method::Plan;
use attune_protocol::moving::SeatCode;
use attune_protocol::version::PROTOCOL_VERSION;
use attune_protocol::view::SessionView;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::{Deref, Index, IndexMut};

use crate::client::Client;
use crate::picture::Picture;
use crate::secrets::{draw_invite, draw_token, hash_invite, seal};

/// The names of the people of a group, by seat.
pub const NAMES: [&str; 6] = ["Ada", "Ruth", "Miriam", "Noah", "Joel", "Tamar"];

/// What is shared with a group, without the key that no server sees.
#[derive(Clone, Copy)]
pub struct Link {
    /// Which session.
    pub session: SessionId,
    /// The right to a new seat.
    pub invite: Invite,
}

/// The first frame of somebody who sets a session up.
pub fn create(plan: Plan, invite: &Invite, seat_token: SeatToken) -> FirstMessage {
    FirstMessage::Create {
        version: PROTOCOL_VERSION,
        plan,
        invite: hash_invite(invite),
        seat_token,
        planned_for: None,
        create_token: None,
    }
}

/// The first frame of somebody who comes by the link, or comes back.
pub fn hello(link: &Link, seat_token: SeatToken) -> FirstMessage {
    FirstMessage::Hello {
        version: PROTOCOL_VERSION,
        session: link.session,
        invite: Some(link.invite),
        seat_token,
    }
}

/// The first frame of a browser that remembers its seat and no invite.
pub fn hello_again(session: SessionId, seat_token: SeatToken) -> FirstMessage {
    FirstMessage::Hello { version: PROTOCOL_VERSION, session, invite: None, seat_token }
}

/// The first frame of somebody who knocks by a code.
pub fn knock(code: &DoorCode, seat_token: SeatToken, commitment: SecretHash) -> FirstMessage {
    FirstMessage::Knock { version: PROTOCOL_VERSION, code: code.clone(), seat_token, commitment }
}

/// The first frame of a person's other device.
pub fn ask_for_seat(code: &SeatCode, seat_token: SeatToken, commitment: SecretHash) -> FirstMessage {
    FirstMessage::Move { version: PROTOCOL_VERSION, code: code.clone(), seat_token, commitment }
}

/// The first frame of a screen that shows the display link.
pub fn watch(session: SessionId, display: DisplaySecret) -> FirstMessage {
    FirstMessage::Watch { version: PROTOCOL_VERSION, session, display }
}

/// The first frame of somebody who erases the session.
pub fn erase(session: SessionId, seat_token: SeatToken) -> FirstMessage {
    FirstMessage::Erase { version: PROTOCOL_VERSION, session, seat_token }
}

/// The command of this number in a row in which each changes something: an offer to present, or its withdrawal.
pub fn offer_or_withdraw(number: u32) -> Command {
    if number.is_multiple_of(2) { Command::OfferToPresent {} } else { Command::WithdrawOffer {} }
}

/// One person: a seat's token, and a socket while there is one.
pub struct Person {
    /// What the others may read.
    pub name: String,
    /// The seat's token.
    pub token: SeatToken,
    /// The session of the seat.
    pub session: SessionId,
    /// Which seat.
    pub number: SeatNumber,
    client: Option<Client>,
}

impl Deref for Person {
    type Target = Client;
    fn deref(&self) -> &Client {
        self.client.as_ref().expect("this person is connected")
    }
}

impl Person {
    /// Sets up a session.
    pub async fn set_up(server: SocketAddr, name: &str, plan: Plan) -> (Self, Link) {
        Self::set_up_from(Ipv4Addr::LOCALHOST.into(), server, name, plan).await
    }

    /// As [`Person::set_up`], from an address of one's own.
    pub async fn set_up_from(from: IpAddr, server: SocketAddr, name: &str, plan: Plan) -> (Self, Link) {
        let (invite, token) = (draw_invite(), draw_token());
        let client = Client::open_from(from, server).await;
        client.introduce(&create(plan, &invite, token));
        let person = Self::over(client, name, token).await;
        let link = Link { session: person.session, invite };
        (person, link)
    }

    /// Comes by the link and says a name.
    pub async fn join(server: SocketAddr, link: &Link, name: &str) -> Self {
        Self::join_from(Ipv4Addr::LOCALHOST.into(), server, link, name).await
    }

    /// As [`Person::join`], from an address of one's own.
    pub async fn join_from(from: IpAddr, server: SocketAddr, link: &Link, name: &str) -> Self {
        let token = draw_token();
        let client = Client::open_from(from, server).await;
        client.introduce(&hello(link, token));
        Self::over(client, name, token).await
    }

    /// Over a socket that has introduced itself: waits to be in, and says a name.
    pub async fn over(client: Client, name: &str, token: SeatToken) -> Self {
        let (session, number) = client.welcome().await;
        client.accept(Command::SetName { seat: number, name: seal(name) }).await;
        Self { name: name.to_owned(), token, session, number, client: Some(client) }
    }

    /// Accepts the ground rules, and waits until that is seen.
    pub async fn agree(&self) {
        self.accept(Command::Agree { seat: self.number, agreement: self.agreement() }).await;
        let seat = self.number;
        self.wait_until("to have agreed", |picture| picture.seat(seat).is_some_and(|seat| seat.agreed)).await;
    }

    /// The version of the group's agreement that this person has before them.
    pub fn agreement(&self) -> Option<Revision> {
        self.picture().texts.agreement.map(|agreement| agreement.version)
    }

    /// Loses the network.
    pub async fn lose_network(&mut self) {
        if let Some(client) = self.client.take() {
            client.vanish().await;
        }
    }

    /// Opens a socket with the seat's token, and waits to be in. A socket from before is forgotten, not closed.
    pub async fn come_back(&mut self, server: SocketAddr) -> Option<Client> {
        let client = Client::open(server).await;
        client.introduce(&hello_again(self.session, self.token));
        self.come_back_over(client).await
    }

    /// Over a socket that has introduced itself.
    pub async fn come_back_over(&mut self, client: Client) -> Option<Client> {
        let (_, seat) = client.welcome().await;
        assert_eq!(seat, self.number, "a token is its seat again");
        self.client.replace(client)
    }

    /// The socket, if there is one: what is left of somebody who was put out.
    pub fn into_client(self) -> Option<Client> {
        self.client
    }

    /// Whether there is a socket.
    pub fn is_connected(&self) -> bool {
        self.client.is_some()
    }
}

/// A group in one session; the first facilitates.
pub struct Group {
    /// Where their server is.
    pub server: SocketAddr,
    /// How they came.
    pub link: Link,
    /// Who they are, by seat: the first has seat 1.
    pub people: Vec<Person>,
}

impl Index<usize> for Group {
    type Output = Person;
    fn index(&self, index: usize) -> &Person {
        &self.people[index]
    }
}

impl IndexMut<usize> for Group {
    fn index_mut(&mut self, index: usize) -> &mut Person {
        &mut self.people[index]
    }
}

impl Group {
    /// A group in the lobby: everyone has a name and has agreed.
    pub async fn gather(server: SocketAddr, plan: Plan, size: usize) -> Self {
        Self::gather_from(Ipv4Addr::LOCALHOST.into(), server, plan, size).await
    }

    /// As [`Group::gather`], from an address of their own.
    pub async fn gather_from(from: IpAddr, server: SocketAddr, plan: Plan, size: usize) -> Self {
        let (first, link) = Person::set_up_from(from, server, NAMES[0], plan).await;
        let mut people = vec![first];
        for number in 1..size {
            let person = Person::join_from(from, server, &link, NAMES[number % NAMES.len()]).await;
            person.agree().await;
            people.push(person);
        }
        let group = Self { server, link, people };
        group
            .all_see("everyone", |picture| {
                let agreed =
                    picture.view.iter().flat_map(|view| &view.seats).filter(|seat| seat.agreed).count();
                agreed == size && picture.names().len() == size
            })
            .await;
        group
    }

    /// A group in the first phase; the second person presents.
    pub async fn begin(server: SocketAddr, plan: Plan, size: usize) -> Self {
        let group = Self::gather(server, plan, size).await;
        group.present_and_begin(SeatNumber(2)).await;
        group
    }

    /// Chooses who presents, and begins.
    pub async fn present_and_begin(&self, presenter: SeatNumber) {
        let facilitator = &self[0];
        facilitator.steer(|moment| Command::ChoosePresenter { moment, seat: Some(presenter) }).await;
        let revision = facilitator.steer(|moment| Command::Begin { moment }).await;
        self.all_catch_up(revision).await;
    }

    /// The facilitator moves on; everyone has seen it then.
    pub async fn next(&self) {
        let revision = self[0].steer(|moment| Command::Next { moment }).await;
        self.all_catch_up(revision).await;
    }

    /// Waits until everyone who is connected has a view that new.
    pub async fn all_catch_up(&self, revision: Revision) {
        for person in self.connected() {
            person.catch_up(revision).await;
        }
    }

    /// Waits until everyone who is connected sees it so.
    pub async fn all_see(&self, what: &str, condition: impl Fn(&Picture) -> bool) {
        for person in self.connected() {
            person.wait_until(&format!("{} to see {what}", person.name), &condition).await;
        }
    }

    /// Who has a socket.
    pub fn connected(&self) -> impl Iterator<Item = &Person> {
        self.people.iter().filter(|person| person.is_connected())
    }

    /// What everyone sees: the same for all, but for what only whoever steers may know. The last person's view.
    ///
    /// # Panics
    /// When two people see different things.
    pub fn common_view(&self) -> SessionView {
        let views: Vec<SessionView> =
            self.connected().map(|person| SessionView { pause_request: None, ..person.view() }).collect();
        for pair in views.windows(2) {
            assert_eq!(pair[0], pair[1], "two people see different things");
        }
        views.into_iter().last().expect("somebody is connected")
    }
}
