// The words of several cases in one session: arranging another, and who presents next. Those of a running phase stand
// with the usual words.
import { nth } from './english';

export const cases = {
  /** "Second case", counted from 1. */
  nth,
  small: 'Between two cases',
  lead: 'Agree who presents next. Everyone stays, and what you agreed stays too.',
  memberLead: 'We agree who presents next. You can offer.',
  who: 'Who presents next',
  nobody: 'Nobody yet.',
  chosen: (name: string) => `${name} presents next.`,
  chosenYou: 'You present next.',
  drawn: (name: string) => `${name} presents next. It was drawn.`,
  drawnYou: 'You present next. It was drawn.',
  offering: (names: string, several: boolean) => `${names} ${several ? 'offer' : 'offers'} to present.`,
  reserve: (name: string) => `In reserve: ${name}.`,
  reserveYou: 'You are in reserve.',
  choose: 'Choose who presents',
  change: 'Choose someone else',
  draw: 'Draw who presents',
  drawAgain: 'Draw again',
  drawHint: 'The draw is among those who are here and have not presented yet.',
  drawHintAll: 'Everyone has presented, so the draw is among all who are here.',
  chooseReserve: 'Name a reserve',
  changeReserve: 'Change the reserve',
  reserveHeading: 'Who is in reserve?',
  reserveLead: 'This person presents if the one who was chosen cannot.',
  reserveNobody: 'Nobody',
  hasPresented: 'has presented',
  close: 'Close the session',
  willBegin: (who: string) => `${who} will begin the next case.`,
  another: 'Another case',
  noOther: 'No other case',
  part: (number: number) => `part ${number}`,
};
