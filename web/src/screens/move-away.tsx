// Going on with one's own seat on another device: a code to type there once, and two words that a person compares.
import { useEffect, useMemo } from 'preact/hooks';
import { act } from '../actions';
import { client } from '../app';
import { browserRandom } from '../kit/environment';
import { answerKnock, type Met, type OpenerSide } from '../kit/handover';
import { buildSeatLink } from '../kit/link';
import { FIRST_EPOCH } from '../kit/sealed';
import { door } from '../locales/door';
import { Button } from '../parts/Button';
import { Dialog } from '../parts/Dialog';
import { Qr } from '../parts/Qr';
import type { MovingDevice } from '../protocol';
import { clockTime } from './dates';

const { away: text } = door;

/** This page's side of the device that it answered. One at a time, and gone with the page. */
let side: { readonly knock: string; readonly mine: OpenerSide } | null = null;

/** The answer comes by itself: a person has just shown the code, which one device can type once. */
function answer({ knock, commitment, answered }: MovingDevice): void {
  if (answered || side?.knock === knock) return;
  const mine = answerKnock(commitment, browserRandom);
  side = { knock, mine };
  void act({ type: 'answerMove', knock, key: mine.key });
}

/** What both keys make; null where something else was shown than was committed to, or this page was loaded anew. */
function meet({ knock, revealed }: MovingDevice): Met | null {
  return (side?.knock === knock && revealed && side.mine.meet(revealed)) || null;
}

const show = () => void act({ type: 'showSeatCode' });

/** The code and what becomes of it. Closing it ends both. */
export function MoveAway({ close }: { readonly close: () => void }) {
  const { code, device } = client.moving.value;
  useEffect(show, []);
  useEffect(() => {
    if (device) answer(device);
  }, [device]);
  const stay = () => {
    void act({ type: 'endMove' });
    close();
  };
  if (device?.revealed) return <Compare device={device} stay={stay} close={close} />;
  const alive = code && code.until > client.now.value ? code : null;
  return (
    <Dialog heading={text.heading} text={text.text} onClose={stay}>
      <div class="stack">
        {device ? (
          <p role="status">{text.coming}</p>
        ) : alive ? (
          <>
            <p class="said" role="status">
              {`${alive.code.slice(0, 4)} ${alive.code.slice(4)}`}
            </p>
            <Qr text={buildSeatLink(window.location.origin, alive.code)} label={text.picture} />
            <p class="hint small">
              {text.show(window.location.host, clockTime(client.clock.toDevice(alive.until)))}
            </p>
          </>
        ) : (
          <>
            <p>{text.over}</p>
            <Button onPress={show}>{text.again}</Button>
          </>
        )}
        <Button onPress={stay}>{text.back}</Button>
      </div>
    </Dialog>
  );
}

interface CompareProps {
  readonly device: MovingDevice;
  readonly stay: () => void;
  readonly close: () => void;
}

/** Two words say whether it is one's own device. */
function Compare({ device, stay, close }: CompareProps) {
  const met = useMemo(() => meet(device), [device.knock, device.revealed?.key]);
  if (!met) {
    return (
      <Dialog heading={text.heading} text={text.forged} onClose={stay}>
        <div class="stack">
          <Button onPress={stay}>{text.back}</Button>
        </div>
      </Dialog>
    );
  }
  const move = () => {
    const place = { session: '', seat: 0, purpose: 'handed' } as const;
    const handed = met.sealer.seal(client.link(), place, FIRST_EPOCH);
    void act({ type: 'moveSeat', knock: device.knock, handed }).then((moved) => moved && close());
  };
  return (
    <Dialog heading={text.compareHeading} text={text.compare} onClose={stay}>
      <div class="stack">
        <p class="said" aria-label={text.label} role="status">
          {met.words.join(' ')}
        </p>
        <Button onPress={move}>{text.match}</Button>
        <Button onPress={stay}>{text.differ}</Button>
      </div>
    </Dialog>
  );
}
