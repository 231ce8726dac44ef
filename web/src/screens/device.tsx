// What Attune keeps on this device, and the one step that removes it.
import { useSignal } from '@preact/signals';
import { client, page, settings } from '../app';
import { heldAtOf } from '../kit/cpd';
import { type Kept, listKept, removeKept, watchWipe, wipe } from '../kit/device';
import { ending } from '../locales/ending';
import { Button } from '../parts/Button';
import { Dialog } from '../parts/Dialog';
import { CpdForm } from './cpd-log';
import { longDate } from './dates';
import { leaveSession, route } from './route';

const { device: text } = ending;
const { device, tab } = page.stores;

/** Whether this is the session that the page shows. */
function isShown({ key }: Kept): boolean {
  const record = client.record.peek();
  return record !== null && key.endsWith(record.seatToken);
}

/** Removes everything, here and in memory; works without a network. */
async function removeAll(): Promise<void> {
  // First what is in memory: what is shown is written down again whenever it changes.
  await client.leave();
  settings.forget();
  wipe(device, tab);
  route.value = { type: 'wiped' };
}

// Another tab of this device has removed everything.
watchWipe(window, () => {
  client.stop();
  settings.forget();
  wipe(tab, tab);
  route.value = { type: 'wiped' };
});

function nameOf({ kind, name, at, key }: Kept): string {
  switch (kind) {
    case 'session':
      return text.session(name, longDate(at ?? 0));
    case 'settings':
      return name === null ? text.settings : text.settingsNamed(name);
    case 'cpd':
      return text.cpd(longDate(heldAtOf(key) ?? at ?? 0));
    case 'plan':
      return text.plan(name);
    case 'agreement':
      return text.agreement(name);
    case 'display':
      return text.display;
    case 'other':
      return text.other;
  }
}

/** The list, over whatever page it was asked for on. */
export function DeviceDialog({ close }: { readonly close: () => void }) {
  const kept = useSignal<readonly Kept[]>(listKept([device, tab]));
  const open = useSignal<number | null>(null);
  const look = () => {
    kept.value = listKept([device, tab]);
  };
  if (open.value !== null) {
    const heldAt = open.value;
    const back = () => {
      open.value = null;
      look();
    };
    return (
      <Dialog heading={ending.cpd.heading} text={ending.cpd.lead} onClose={back}>
        <CpdForm heldAt={heldAt} keeping="device" withoutPrint close={back} />
      </Dialog>
    );
  }
  const remove = async (item: Kept) => {
    if (isShown(item)) {
      close();
      await leaveSession();
      return;
    }
    if (item.kind === 'settings') settings.forget();
    removeKept([device, tab], item.key);
    look();
  };
  const inside = client.record.value !== null;
  const stage = client.view.value?.stage.type;
  const leaves = inside && stage !== undefined && stage !== 'closed';
  return (
    <Dialog heading={text.heading} text={kept.value.length === 0 ? text.empty : text.lead} onClose={close}>
      <ul class="rows kept">
        {kept.value.map((item) => (
          <li key={item.key}>
            <span>
              {nameOf(item)}
              {item.kind === 'session' && <span class="hint task">{text.sessionHint}</span>}
            </span>
            <span>
              {item.kind === 'cpd' && (
                <Button look="plain" onPress={() => (open.value = heldAtOf(item.key))}>
                  {text.open}
                </Button>
              )}
              <button
                class="btn btn-plain"
                type="button"
                aria-label={text.remove(nameOf(item))}
                onClick={() => void remove(item)}
              >
                {text.removeShort}
              </button>
            </span>
          </li>
        ))}
      </ul>
      {leaves && <p class="hint">{text.inside}</p>}
      <div class="stack">
        {kept.value.length > 0 && (
          <Button
            look="filled"
            onPress={() => {
              close();
              void removeAll();
            }}
          >
            {leaves ? text.removeAllInside : text.removeAll}
          </Button>
        )}
        <Button onPress={close}>{ending.back}</Button>
      </div>
    </Dialog>
  );
}
