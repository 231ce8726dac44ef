// Before the start, for members: the promise, who is here, who begins.
import { useComputed } from '@preact/signals';
import { pressing } from '../actions';
import { client } from '../app';
import { planMinutes } from '../kit/state';
import { agreementWords } from '../locales/agreement';
import { words } from '../locales/session';
import { Button } from '../parts/Button';
import { Dock } from '../parts/Dock';
import { AgreeButton, GroundRules, OwnLines } from './agreement';
import { clockTime } from './dates';
import { lazily } from './lazy';
import { ChairAsked } from './notices';
import type { Room } from './room';
import { Roster } from './roster';
import { SessionFrame } from './session-frame';

const FacilitatorLobby = lazily(() =>
  import('./lobby-facilitator').then((module) => module.FacilitatorLobby),
);

const Between = lazily(() => import('./between').then((module) => module.Between));

const WhoFacilitates = lazily(() => import('./who-facilitates').then((module) => module.WhoFacilitates));

const Roles = lazily(() => import('./roles').then((module) => module.RolesPart));

const Planned = lazily(() => import('./planned-day').then((module) => module.PlannedDay));

/** The lobby, for whoever facilitates, and for everyone else. Who holds the chair stands in from Begin on. */
export function Lobby({ room }: { readonly room: Room }) {
  const { stage } = room.view;
  const between = stage.type === 'lobby' ? stage.between : undefined;
  if (between) return <Between room={room} between={between} />;
  return room.iFacilitate ? <FacilitatorLobby room={room} /> : <MemberLobby room={room} />;
}

/** "We end at about 15:50", if it began now. */
export function useEndOfPlan(room: Room): string {
  const { plan } = room.view;
  const end = useComputed(() =>
    clockTime(client.clock.toDevice(client.now.value) + planMinutes(plan) * 60_000),
  );
  return end.value;
}

/** The name that the group goes by: its first facilitator's. */
export function groupName(room: Room): string | null {
  const first = room.view.seats.find((seat) => seat.facilitator);
  return first ? room.typedName(first.seat) : null;
}

function MemberLobby({ room }: { readonly room: Room }) {
  const { lobby } = words;
  const end = useEndOfPlan(room);
  const agreed = room.me?.agreed === true;
  const isAskedAgain = room.me?.askedAgain === true;
  return (
    <SessionFrame room={room} foot={agreed && <OfferDock room={room} />}>
      <main>
        <h1>
          <small>
            {lobby.groupOf(groupName(room))}
            <span class="vh">: </span>
          </small>
          {lobby.heading}
        </h1>
        <p class="lead" role="status">
          {isAskedAgain ? agreementWords.again : agreed ? lobby.agreedLead : lobby.promise}
        </p>
        <GroundRules room={room} />
        <OwnLines />
        {(!agreed || isAskedAgain) && <AgreeButton room={room} />}
        <ChairAsked room={room} />
        {room.iStandIn && <p class="part">{words.lobby.chairHeld}</p>}
        {room.view.plan.facilitates === 'group' && <WhoFacilitates room={room} />}
        <section class="part">
          <h2>{lobby.here}</h2>
          <Roster room={room} />
        </section>
        {room.roles.named.length > 0 && <Roles room={room} />}
        {room.view.plannedFor !== undefined && <Planned room={room} />}
        <p class="next">{lobby.willBegin(room.mover, end)}</p>
      </main>
    </SessionFrame>
  );
}

/** Whoever agreed may offer to present; the facilitator chooses. */
export function OfferDock({ room }: { readonly room: Room }) {
  if (room.iPresent) return null;
  const offers = room.me?.offers === true;
  return (
    <Dock>
      <Button onPress={pressing({ type: offers ? 'withdrawOffer' : 'offerToPresent' })}>
        {offers ? words.lobby.withdraw : words.lobby.offer}
      </Button>
    </Dock>
  );
}

/** Somebody who came in while a case runs: only the promise, until it is given. */
export function Newcomer({ room }: { readonly room: Room }) {
  const { newcomer } = words;
  return (
    <SessionFrame room={room}>
      <main>
        <h1>{newcomer.heading}</h1>
        <p class="lead">{newcomer.lead}</p>
        <GroundRules room={room} />
        <OwnLines />
        <AgreeButton room={room} />
        <p class="next">{newcomer.next}</p>
      </main>
    </SessionFrame>
  );
}
