// A suggestion to whoever steers: closed until it is opened, said by nothing, and gone for this part once put away.
import { signal } from '@preact/signals';
import { client } from '../app';
import { words } from '../locales/session';
import { suggestion as text } from '../locales/suggestion';
import { talk } from '../locales/talk';
import { Button } from '../parts/Button';
import { focusHeading } from '../parts/focus';
import { currentPace, mayShorten } from './began';
import { mayRemind } from './reminder';
import type { Room } from './room';
import { open as more } from './sheet';
import { type PutAway, type SuggestionKind, suggestionFor } from './suggest';

/** What was put away, by session. */
const putAway = signal<{ readonly session: string; readonly all: readonly PutAway[] }>({
  session: '',
  all: [],
});

/** What is open stays, whatever else would come. */
const opened = signal<{
  readonly session: string;
  readonly visit: number;
  readonly kind: SuggestionKind;
} | null>(null);

/** The suggestion of this moment. */
export function Suggestion({ room }: { readonly room: Room }) {
  const session = client.record.value?.session ?? '';
  const visit = room.running?.moment.visit ?? 0;
  const before = putAway.value.session === session ? putAway.value.all : [];
  const kept = opened.value;
  const keeps = kept?.session === session && kept.visit === visit && room.iSteer;
  const now = client.now.value;
  const known = {
    now,
    behind: currentPace(room)?.behind ?? null,
    shortens: mayShorten(room),
    putAway: before,
  };
  const kind = keeps ? kept.kind : suggestionFor(room, known);
  if (kind === null) return null;
  const put = () => {
    opened.value = null;
    putAway.value = { session, all: [...before, { visit, kind, at: client.now.peek() }] };
    focusHeading();
  };
  const { title, says } = text[kind](room.presenterName);
  return (
    <details
      class="suggestion"
      key={`${visit} ${kind}`}
      onToggle={(event) => {
        opened.value = event.currentTarget.open ? { session, visit, kind } : null;
      }}
    >
      <summary>{title}</summary>
      <p>{says}</p>
      <p class="hint">{words.think.onlyYou}</p>
      <div class="links">
        <Action room={room} kind={kind} />
        <Button look="plain" onPress={put}>
          {text.away}
        </Button>
      </div>
    </details>
  );
}

/** The one thing to do with it: a button that stands under More too. */
function Action({ room, kind }: { readonly room: Room; readonly kind: SuggestionKind }) {
  if ((kind === 'late' || kind === 'over') && mayShorten(room)) {
    return (
      <Button look="plain" onPress={() => (more.value = 'shorten')}>
        {text.shorten}
      </Button>
    );
  }
  if (kind === 'quiet' && mayRemind(room)) {
    return (
      <Button look="plain" onPress={() => (more.value = 'remind')}>
        {talk.reminder.open}
      </Button>
    );
  }
  return null;
}
