// What whoever steers does about the group, in a lobby and later: who presents, people, the door, the screen.
import { more } from '../locales/more';
import { words } from '../locales/session';
import { Dialog } from '../parts/Dialog';
import { PresenterChoice } from './choose-presenter';
import { DoorDialog } from './door';
import { PeopleDialog } from './people';
import type { Room } from './room';
import { ScreenDialog } from './screen-link';

/** What lies over a lobby, and behind More. */
export type GroupPage = 'presenter' | 'people' | 'door' | 'screen';

interface GroupDialogProps {
  readonly room: Room;
  readonly page: GroupPage | null;
  readonly close: () => void;
}

/** The one that lies over it now. */
export function GroupDialog({ room, page, close }: GroupDialogProps) {
  switch (page) {
    case 'presenter':
      return <PresenterDialog room={room} close={close} />;
    case 'people':
      return <PeopleDialog room={room} close={close} />;
    case 'door':
      return <DoorDialog room={room} close={close} />;
    case 'screen':
      return <ScreenDialog room={room} close={close} />;
    case null:
      return null;
  }
}

/** The choice of who presents, over the room. */
function PresenterDialog({ room, close }: { readonly room: Room; readonly close: () => void }) {
  const { presenter } = more;
  return (
    <Dialog heading={presenter.heading} text={presenter.lead} onClose={close}>
      <PresenterChoice room={room} onChosen={close} />
      <div class="stack">
        <button class="btn" type="button" onClick={close}>
          {room.presenter === null ? words.back : presenter.keep}
        </button>
      </div>
    </Dialog>
  );
}
