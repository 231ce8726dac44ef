// Before the start, for whoever facilitates: link and code, people, the plan, and Begin under the thumb.
import { useSignal } from '@preact/signals';
import { client } from '../app';
import { more } from '../locales/more';
import { words } from '../locales/session';
import { Button } from '../parts/Button';
import { Qr } from '../parts/Qr';
import { AgreementPart } from './agreement-lobby';
import { CopyLink } from './copy-link';
import { CodeToType, doorOf } from './door';
import { GroupDialog, type GroupPage } from './group-dialogs';
import { BeginDock, ChairChoice, needsPresenterFirst, PlanPart } from './lobby-parts';
import { AtTheDoor, ChairHeld } from './notices';
import { PlannedDay } from './planned-day';
import { RolesPart } from './roles';
import type { Room } from './room';
import { Roster } from './roster';
import { SessionFrame } from './session-frame';
import { WhoFacilitates } from './who-facilitates';

/** The lobby of whoever facilitates. */
export function FacilitatorLobby({ room }: { readonly room: Room }) {
  const { lobby } = more;
  const open = useSignal<GroupPage | null>(null);
  const close = () => {
    open.value = null;
  };
  return (
    <SessionFrame
      room={room}
      foot={room.iSteer && <BeginDock room={room} choose={() => (open.value = 'presenter')} />}
    >
      <main class="lobby">
        <h1>
          <small>
            {words.lobby.groupOf(null)}
            <span class="vh">: </span>
          </small>
          {words.lobby.heading}
        </h1>
        <p class="lead">{lobby.lead}</p>
        <AtTheDoor room={room} />
        <section class="invite" aria-label={lobby.invite}>
          <Qr text={client.link()} label={lobby.code} />
          <div>
            <CopyLink />
            <p class="hint small">
              {doorOf(room) === 'open' ? lobby.inviteHint : more.door.states[doorOf(room)]}
            </p>
            {room.iSteer && <CodeToType />}
            {room.iSteer && (
              <Button look="plain" onPress={() => (open.value = 'door')}>
                {more.door.heading}
              </Button>
            )}
            {room.iSteer && (
              <Button look="plain" onPress={() => (open.value = 'screen')}>
                {more.more.display}
              </Button>
            )}
          </div>
        </section>
        <ChairHeld room={room} />
        {room.view.plan.facilitates === 'group' && <WhoFacilitates room={room} />}
        <section class="part">
          <h2>{words.lobby.here}</h2>
          <Roster room={room} />
          {room.iSteer && (
            <div class="links">
              {(room.presenter !== null || !needsPresenterFirst(room)) && (
                <Button look="plain" onPress={() => (open.value = 'presenter')}>
                  {room.presenter === null ? lobby.whoPresents : lobby.changePresenter}
                </Button>
              )}
              <Button look="plain" onPress={() => (open.value = 'people')}>
                {lobby.people}
              </Button>
            </div>
          )}
        </section>
        <AgreementPart room={room} />
        <ChairChoice room={room} />
        <RolesPart room={room} />
        <PlannedDay room={room} />
        <PlanPart room={room} />
        <GroupDialog room={room} page={open.value} close={close} />
      </main>
    </SessionFrame>
  );
}
