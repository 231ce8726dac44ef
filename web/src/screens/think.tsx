// The question of a phase: the group's or one's own, or the one by which to steer, which nobody else sees.
import { client } from '../app';
import { words } from '../locales/session';
import { Question } from '../parts/Question';
import type { Room } from './room';

interface ThinkProps {
  readonly room: Room;
  readonly label: string;
  readonly questions: readonly string[];
  /** What asks for the next one. */
  readonly another?: string;
}

/** A question to think with. */
export function Think({ room, label, questions, another = words.think.anotherQuestion }: ThinkProps) {
  const { running } = room;
  if (!running) return null;
  const { stage } = running;
  return (
    <Question
      // Each visit begins with its first question, and so does a question for somebody else.
      key={`${stage.moment.visit} ${label}`}
      heading={label}
      questions={questions}
      another={another}
      began={stage.beganAt}
      now={client.now}
    />
  );
}

/** The question by which to steer. */
export function SteeringThought({
  room,
  another = words.think.anotherSteer,
}: Pick<ThinkProps, 'room' | 'another'>) {
  const questions = room.running?.prompts.facilitator ?? [];
  return <Think room={room} label={words.think.onlyYou} questions={questions} another={another} />;
}

/** The questions of the presenter for who presents, those of the group for everyone else. */
export function ownQuestions(room: Room): readonly string[] {
  const { presenter = [], group = [] } = room.running?.prompts ?? {};
  return room.iPresent && presenter.length > 0 ? presenter : group;
}

/** What whoever steers thinks with, where the method has something for them; else what the group does. */
export function GroupThought({ room, label }: Pick<ThinkProps, 'room' | 'label'>) {
  const prompts = room.running?.prompts;
  if (!prompts) return null;
  if (room.iSteer && prompts.facilitator.length > 0) return <SteeringThought room={room} />;
  return <Think room={room} label={label} questions={ownQuestions(room)} />;
}
