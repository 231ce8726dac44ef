// Silence: the least to read and nothing to answer. The moon goes down as the time does.
import { useComputed } from '@preact/signals';
import { client, isOver } from '../app';
import { words } from '../locales/session';
import { Dock } from '../parts/Dock';
import { Moon, Shine } from '../parts/Moon';
import { Agenda } from './agenda';
import { heldSilence } from './held';
import { Heading, NeedPause, PhaseClock, Sheet, Suggestion } from './live';
import { Notices } from './notices';
import { ReminderLine } from './reminder';
import type { Room } from './room';
import { sentence } from './sentence';
import { SessionFrame } from './session-frame';
import { overInSilence } from './wording';

/** Beside a call, the advice about the microphone stands this long into the silence. */
const ADVICE_LASTS = 120_000;

/** I am the presenter, and listen. */
export function Silent({ room }: { readonly room: Room }) {
  const { running } = room;
  const { silent } = words;
  const advised = useComputed(() => {
    if (!running || room.view.plan.meeting !== 'call') return false;
    return client.now.value < running.stage.beganAt + ADVICE_LASTS;
  });
  if (!running) return null;
  const { presenter, floor } = running.phase;
  const inRound = floor.mode === 'round' ? silent.leadRound : silent.lead;
  const now = sentence(room, presenter === 'outside' ? silent.leadOutside : inRound);
  const lead = advised.value ? `${now} ${silent.microphone}` : now;
  return <StillWater room={room} heading={silent.heading} lead={lead} />;
}

/** Nobody speaks. */
export function Stillness({ room }: { readonly room: Room }) {
  const { silent } = words;
  const held = isOver.value ? overInSilence(room) : silent.afterRound;
  const lead = heldSilence(room) ? held : sentence(room, silent.stillLead);
  return <StillWater room={room} heading={silent.stillHeading} lead={lead} />;
}

interface StillWaterProps {
  readonly room: Room;
  readonly heading: string;
  readonly lead: string;
}

function StillWater({ room, heading, lead }: StillWaterProps) {
  const foot = room.iSteer ? (
    <Sheet room={room} />
  ) : (
    <Dock>
      <NeedPause room={room} />
    </Dock>
  );
  return (
    <div class="still">
      <SessionFrame room={room} bar={<Agenda of={room.view} method={room.method} />} foot={foot}>
        <main>
          <div class="say">
            <Heading room={room} text={heading} />
            <p class="lead">{lead}</p>
            <ReminderLine room={room} />
            {!room.iAmSilent && <Notices room={room} />}
            {room.iSteer && <Suggestion room={room} />}
          </div>
          <Sky />
          <div class="water">
            <Water />
            <PhaseClock exact={room.iSteer} still />
          </div>
        </main>
      </SessionFrame>
    </div>
  );
}

function Sky() {
  const time = client.time.value;
  return time && <Moon time={time} />;
}

function Water() {
  const time = client.time.value;
  return time && <Shine time={time} />;
}
