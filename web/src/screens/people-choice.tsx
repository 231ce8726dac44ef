// One button for each person who may be chosen, with what is known of each; and the choice of nobody.
import type { ComponentChildren } from 'preact';
import { words } from '../locales/session';
import { Button } from '../parts/Button';
import type { SeatNumber, SeatView } from '../protocol';
import type { Room } from './room';
import { listedName } from './roster';

interface PeopleChoiceProps {
  readonly room: Room;
  readonly people: readonly SeatView[];
  /** Who is chosen now, if that is one of them. */
  readonly chosen?: SeatNumber | undefined;
  /** What stands beside a person, without that somebody is away. */
  readonly describe: (person: SeatView) => readonly (string | false | null)[];
  readonly choose: (seat: SeatNumber | null) => void;
  /** The words for nobody; null where somebody is to be chosen. */
  readonly nobody: string | null;
  /** What stands first in the list. */
  readonly children?: ComponentChildren;
}

/** The people. Whoever is on the way back may be chosen: who is away stands there, and as such. */
export function PeopleChoice(props: PeopleChoiceProps) {
  const { room, people, chosen, describe, choose, nobody, children } = props;
  const said = (person: SeatView) =>
    [...describe(person), person.awaySince !== undefined && words.round.states.away]
      .filter(Boolean)
      .join(', ');
  return (
    <ul class="rows">
      {children}
      {people.map((person) => (
        <li key={person.seat} aria-current={person.seat === chosen ? 'true' : undefined}>
          <Button look="plain" onPress={() => choose(person.seat)}>
            <bdi>{listedName(room, person)}</bdi>
          </Button>
          {said(person) !== '' && <span>{said(person)}</span>}
        </li>
      ))}
      {nobody !== null && (
        <li>
          <Button look="plain" onPress={() => choose(null)}>
            {nobody}
          </Button>
        </li>
      )}
    </ul>
  );
}
