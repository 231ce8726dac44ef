// Between two cases: who presents next, by offer, choice or draw; a reserve; the plan; and Begin under the thumb.
import { useSignal } from '@preact/signals';
import { act, pressing } from '../actions';
import { cases } from '../locales/cases';
import { more } from '../locales/more';
import { words } from '../locales/session';
import { Button } from '../parts/Button';
import { Dialog } from '../parts/Dialog';
import type { BetweenView, SeatNumber } from '../protocol';
import { GroupDialog, type GroupPage } from './group-dialogs';
import { OfferDock } from './lobby';
import { BeginDock, ChairChoice, PlanPart } from './lobby-parts';
import { AtTheDoor, ChairAsked, FacilitatorLost } from './notices';
import { PeopleChoice } from './people-choice';
import { RolesPart } from './roles';
import { momentOf, type Room } from './room';
import { Roster } from './roster';
import { SessionFrame } from './session-frame';

interface BetweenProps {
  readonly room: Room;
  readonly between: BetweenView;
}

/** The screen of everyone; whoever steers has the choice. */
export function Between({ room, between }: BetweenProps) {
  const open = useSignal<GroupPage | 'reserve' | null>(null);
  const close = () => {
    open.value = null;
  };
  const dialog = (page: GroupPage, label: string) => (
    <Button look="plain" onPress={() => (open.value = page)}>
      {label}
    </Button>
  );
  const foot = room.iSteer ? (
    <BeginDock room={room} choose={() => (open.value = 'presenter')} />
  ) : (
    <OfferDock room={room} />
  );
  return (
    <SessionFrame room={room} foot={foot}>
      <main class="lobby">
        <h1>
          <small>
            {cases.small}
            <span class="vh">: </span>
          </small>
          {cases.nth(between.cases + 1)}
        </h1>
        <p class="lead">{room.iSteer ? cases.lead : cases.memberLead}</p>
        <AtTheDoor room={room} />
        <FacilitatorLost room={room} />
        <ChairAsked room={room} />
        {room.iStandIn && <p class="part">{words.lobby.chairHeld}</p>}
        <section class="part">
          <h2>{cases.who}</h2>
          <Next room={room} />
          {room.iSteer && <Choices room={room} between={between} choose={(page) => (open.value = page)} />}
        </section>
        <ChairChoice room={room} />
        <section class="part">
          <h2>{words.lobby.here}</h2>
          <Roster room={room} />
          {room.iSteer && (
            <div class="links">
              {dialog('people', more.lobby.people)}
              {dialog('door', more.door.heading)}
              {dialog('screen', more.more.display)}
            </div>
          )}
        </section>
        {room.roles.named.length > 0 && <RolesPart room={room} />}
        <PlanPart room={room} />
        {room.iSteer ? (
          <p class="part near">
            <Button look="plain" onPress={pressing({ type: 'end', moment: between.moment })}>
              {cases.close}
            </Button>
          </p>
        ) : (
          <p class="next">{cases.willBegin(room.mover)}</p>
        )}
        {open.value === 'reserve' ? (
          <ReserveDialog room={room} close={close} />
        ) : (
          <GroupDialog room={room} page={open.value} close={close} />
        )}
      </main>
    </SessionFrame>
  );
}

/** Who presents next, who offers, and who is in reserve. */
function Next({ room }: { readonly room: Room }) {
  const { presenter, drawn, reserve } = room.view;
  const offering = room.view.seats.filter(({ seat, offers }) => offers && seat !== presenter);
  const names = offering.map(({ seat }) => room.name(seat));
  const said = () => {
    if (presenter === null) return cases.nobody;
    if (room.iPresent) return drawn ? cases.drawnYou : cases.chosenYou;
    return drawn ? cases.drawn(room.presenterName) : cases.chosen(room.presenterName);
  };
  return (
    <>
      <p role="status">{said()}</p>
      {reserve !== undefined && (
        <p>{reserve === room.seat ? cases.reserveYou : cases.reserve(room.name(reserve))}</p>
      )}
      {names.length > 0 && <p>{cases.offering(words.listing(names), names.length > 1)}</p>}
    </>
  );
}

interface ChoicesProps extends BetweenProps {
  readonly choose: (page: 'presenter' | 'reserve') => void;
}

function Choices({ room, between, choose }: ChoicesProps) {
  const { view, presenter } = room;
  const here = view.seats.filter((seat) => seat.agreed && seat.awaySince === undefined);
  const allHave = here.every(({ seat }) => between.presented.includes(seat));
  const { moment } = between;
  return (
    <>
      <div class="links">
        {presenter !== null && (
          <Button look="plain" onPress={() => choose('presenter')}>
            {cases.change}
          </Button>
        )}
        <Button look="plain" onPress={pressing({ type: 'drawPresenter', moment })}>
          {view.drawn ? cases.drawAgain : cases.draw}
        </Button>
        <Button look="plain" onPress={() => choose('reserve')}>
          {view.reserve === undefined ? cases.chooseReserve : cases.changeReserve}
        </Button>
      </div>
      <p class="hint">{allHave ? cases.drawHintAll : cases.drawHint}</p>
    </>
  );
}

/** Who presents in case the one who was chosen cannot. */
function ReserveDialog({ room, close }: { readonly room: Room; readonly close: () => void }) {
  const { reserve, seats } = room.view;
  const choose = async (seat: SeatNumber | null) => {
    if (await act({ type: 'chooseReserve', moment: momentOf(room), seat })) close();
  };
  return (
    <Dialog heading={cases.reserveHeading} text={cases.reserveLead} onClose={close}>
      <PeopleChoice
        room={room}
        people={seats.filter(({ seat, agreed }) => agreed && seat !== room.presenter)}
        chosen={reserve}
        describe={({ seat, offers }) => [
          seat === reserve && words.lobby.reserve,
          offers === true && more.presenter.offers,
        ]}
        choose={(seat) => void choose(seat)}
        nobody={reserve === undefined ? null : cases.reserveNobody}
      />
      <div class="stack">
        <Button onPress={close}>{words.back}</Button>
      </div>
    </Dialog>
  );
}
