// The next meeting as a file for each person's calendar.
import { useSignal } from '@preact/signals';
import { client } from '../app';
import { drawSecret } from '../kit/bytes';
import { buildCalendar, dayOf, readMoment } from '../kit/calendar';
import { browserRandom } from '../kit/environment';
import { meetingMinutes } from '../kit/state';
import { words } from '../locales';
import { ending } from '../locales/ending';
import { meeting } from '../locales/meeting';
import { Button } from '../parts/Button';
import { ErrorSummary, type FieldError } from '../parts/Field';
import { When } from '../parts/When';
import type { Room } from './room';
import { saveFile } from './save-file';
import { checkWhen } from './when';

const { next: text } = meeting;

/** Saves a meeting as long as this one was planned. `start` by the device's clock in ms. */
export function saveMeeting(room: Room, start: number, description = ''): void {
  const calendar = buildCalendar({
    start,
    minutes: meetingMinutes(room.view),
    title: room.method?.name ?? words.product,
    description,
    madeAt: client.clock.toDevice(client.now.peek()),
    id: drawSecret(browserRandom),
  });
  saveFile(text.file(dayOf(start)), calendar, 'calendar');
}

/** Day, time, and the file. */
export function NextMeeting({ room, close }: { readonly room: Room; readonly close: () => void }) {
  const day = useSignal('');
  const time = useSignal('');
  const errors = useSignal<readonly FieldError[]>([]);
  const saved = useSignal(false);
  const now = client.clock.toDevice(client.now.value);
  const save = (event: Event) => {
    event.preventDefault();
    const wrong = checkWhen('meeting', day.peek(), time.peek(), now);
    errors.value = wrong;
    const start = readMoment(day.peek(), time.peek());
    saved.value = wrong.length === 0 && start !== null;
    if (saved.peek() && start !== null) saveMeeting(room, start);
  };
  return (
    <form noValidate onSubmit={save}>
      <ErrorSummary heading={words.problem} errors={errors.value} />
      <When
        id="meeting"
        labels={text}
        day={day.value}
        time={time.value}
        least={dayOf(now)}
        onDay={(value) => (day.value = value)}
        onTime={(value) => (time.value = value)}
        errors={errors.value}
        errorPrefix={words.errorPrefix}
      />
      <p class="hint part near">{text.length(words.minutes(meetingMinutes(room.view)))}</p>
      <p class="hint" role="status">
        {saved.value && text.saved}
      </p>
      <div class="stack act">
        <Button look="filled" submit>
          {text.save}
        </Button>
        <Button onPress={close}>{ending.back}</Button>
      </div>
    </form>
  );
}
