// The person who presents has left: the time waits until it is decided how to go on.
import { pressing } from '../actions';
import { textsId } from '../kit/plan';
import { words } from '../locales/session';
import { Button } from '../parts/Button';
import { Dock } from '../parts/Dock';
import { Agenda } from './agenda';
import { lazily } from './lazy';
import { Heading, NeedPause, PhaseClock, Sheet } from './live';
import { textsOf } from './methods';
import { FacilitatorLost } from './notices';
import type { Room } from './room';
import { SessionFrame } from './session-frame';

const PresenterChoice = lazily(() => import('./choose-presenter').then((module) => module.PresenterChoice));

/** The group reads that the time waits; whoever steers has the choice. */
export function PresenterMissing({ room }: { readonly room: Room }) {
  const { missing } = words;
  const foot = room.iSteer ? <Sheet room={room} waits /> : <OwnDock room={room} />;
  return (
    <SessionFrame room={room} bar={<Agenda of={room.view} method={room.method} />} foot={foot}>
      <main class="live">
        <Heading room={room} text={missing.heading} />
        <p class="lead">{room.iSteer ? missing.steerLead : missing.lead}</p>
        <PhaseClock exact={room.iSteer} />
        <FacilitatorLost room={room} />
        {room.iSteer ? <Choice room={room} /> : <p class="next">{missing.wait(room.mover)}</p>}
      </main>
    </SessionFrame>
  );
}

function Choice({ room }: { readonly room: Room }) {
  const { running } = room;
  if (!running) return null;
  const { missing } = words;
  const later = room.view.plan.phases.slice(running.stage.phase + 1);
  const withoutPresenter = later.filter((phase) => phase.presenter === 'participant');
  // As the server chooses: where all may talk, rather than in turn or in silence.
  const review = withoutPresenter.findLast(({ floor }) => floor.mode === 'open') ?? withoutPresenter.at(-1);
  const isReview = review !== undefined && textsId(review) === 'review';
  return (
    <section class="part stack">
      <h2>{missing.choose}</h2>
      <PresenterChoice room={room} />
      {review && (
        <Button onPress={pressing({ type: 'goToReview', moment: running.moment })}>
          {isReview ? missing.review : words.sheet.moveOnTo.other(textsOf(room.method, review).title)}
        </Button>
      )}
    </section>
  );
}

function OwnDock({ room }: { readonly room: Room }) {
  const offers = room.me?.offers === true;
  return (
    <Dock>
      {room.me?.agreed && (
        <Button onPress={pressing({ type: offers ? 'withdrawOffer' : 'offerToPresent' })}>
          {offers ? words.missing.withdraw : words.missing.offer}
        </Button>
      )}
      <NeedPause room={room} />
    </Dock>
  );
}
