// Sending a quiet reminder, and who may.
import { act } from '../actions';
import { talk } from '../locales/talk';
import { Choice } from '../parts/Field';
import { Menu } from '../parts/Menu';
import type { Reminder } from '../protocol';
import { mayRemind } from './reminder';
import type { Room } from './room';

const REMINDERS: readonly Reminder[] = ['advice', 'blame', 'each_other', 'missing_view'];

/** The reminders, where one can be sent, and for whoever steers the choice of who may send them. */
export function RemindDialog({ room, close }: { readonly room: Room; readonly close: () => void }) {
  const { reminder } = talk;
  const sending = mayRemind(room);
  const items = (sending ? REMINDERS : []).map((what) => ({
    words: reminder.says[what],
    onPress: () => {
      close();
      void act({ type: 'remind', what });
    },
  }));
  return (
    <Menu
      heading={sending ? reminder.open : reminder.openSetting}
      text={sending ? reminder.lead : reminder.settingLead}
      items={items}
      close={reminder.close}
      onClose={close}
    >
      {room.iSteer && (
        <Choice
          type="checkbox"
          name="anyone-reminds"
          checked={room.view.anyoneReminds === true}
          hint={reminder.anyoneHint}
          onChoose={(anyone) => void act({ type: 'setReminders', anyone })}
        >
          {reminder.anyone}
        </Choice>
      )}
    </Menu>
  );
}
