import { describe, expect, test } from 'vitest';
import type { WaitingView } from '../protocol';
import { CLOSE_CODES } from '../protocol';
import { createRandom, FakeNetwork } from '../testing/fakes';
import { drawSecret } from './bytes';
import { answerKnock } from './handover';
import { createKnocking } from './knocking';
import { buildSeatLink, readCode, readLink, readSeatCode } from './link';
import { openKnock } from './sealed';

const random = createRandom(21);
const link = { session: drawSecret(random), invite: drawSecret(random), key: drawSecret(random) };
const text = `https://attune.example/s#${link.session}.${link.invite}.${link.key}`;

function knocked() {
  const network = new FakeNetwork();
  const knocking = createKnocking(network.openSocket, createRandom(3));
  knocking.knock('KMPRST', ' Dev ');
  const socket = network.last;
  socket.open();
  const [first] = socket.of('knock');
  if (!first) throw new Error('nothing was said');
  const tell = (waiting: WaitingView) => socket.tell({ type: 'waiting', waiting });
  const opener = answerKnock(first.commitment, random);
  const revealed = () => JSON.parse(socket.frames[1] ?? '{}');
  return { network, knocking, socket, first, tell, opener, revealed };
}

describe('asking for a seat', () => {
  test('DOOR-22 a seat is asked for without a name, by a code that no door has', () => {
    const network = new FakeNetwork();
    const knocking = createKnocking(network.openSocket, createRandom(3));
    knocking.knock('KMPRSTVW', '');
    network.last.open();
    const [first] = network.last.of('move');
    expect(first).toMatchObject({ code: 'KMPRSTVW' });
    const opener = answerKnock(first?.commitment ?? '', random);
    network.last.tell({ type: 'waiting', waiting: { answered: opener.key } });
    const revealed = JSON.parse(network.last.frames[1] ?? '{}');
    const met = opener.meet(revealed);
    expect(knocking.state.value).toMatchObject({ type: 'words', words: met?.words });
    expect(met && openKnock(met.sealer, revealed.name, '')).toBe(null);
  });

  test('DOOR-22 its code is read as typed and from its picture, which holds nothing else', () => {
    for (const typed of ['kmpr stvw', 'KMPRSTVW', 'kmpr-stvw']) expect(readSeatCode(typed)).toBe('KMPRSTVW');
    expect(readSeatCode('KMPRST')).toBe(null);
    expect(readCode('KMPRSTVW')).toBe(null);
    const picture = buildSeatLink('https://attune.example', 'KMPRSTVW');
    expect(picture).toBe('https://attune.example/s#m.KMPRSTVW');
    expect(readLink(picture)).toEqual({ type: 'move', code: 'KMPRSTVW' });
    expect(readLink('https://attune.example/s#m.KMPR')).not.toMatchObject({ type: 'move' });
  });
});

describe('knocking by a code', () => {
  test('DOOR-7 a code is read however it was typed', () => {
    for (const typed of ['KMPRST', 'kmprst', ' KMP RST ', 'kmp-rst']) expect(readCode(typed)).toBe('KMPRST');
    for (const typed of ['', 'KMPRS', 'KMPRSTV', 'KMPRS1', 'KMPRSO', 'https://attune.example']) {
      expect(readCode(typed)).toBeNull();
    }
  });

  test('DOOR-8 the name goes out sealed, and only once a key has answered', () => {
    const { knocking, socket, tell, opener, revealed } = knocked();
    tell({});
    expect(knocking.state.value).toEqual({ type: 'waiting', held: null });
    expect(socket.frames).toHaveLength(1);
    tell({ answered: opener.key });
    const met = opener.meet(revealed());
    expect(knocking.state.value).toMatchObject({ type: 'words', words: met?.words });
    expect(met && openKnock(met.sealer, revealed().name, '')).toBe('Dev');
    expect(socket.frames.join()).not.toContain('Dev');
  });

  test('DOOR-8 what is handed over is the link, and the token is the one that knocked', () => {
    const { knocking, first, socket, tell, opener, revealed } = knocked();
    tell({ answered: opener.key });
    const met = opener.meet(revealed());
    const handed = met?.sealer.seal(text, { session: '', seat: 0, purpose: 'handed' }, 1) ?? '';
    tell({ handed });
    expect(knocking.state.value).toEqual({ type: 'letIn', link, seatToken: first.seatToken });
    socket.drop(CLOSE_CODES.replaced.code);
    expect(knocking.state.value.type).toBe('letIn');
  });

  test('T8 a second answer, and what somebody else has sealed, end the knock', () => {
    const second = knocked();
    second.tell({ answered: second.opener.key });
    second.tell({ answered: answerKnock(second.first.commitment, random).key });
    expect(second.knocking.state.value).toEqual({ type: 'over', reason: 'broken' });
    expect(second.socket.closed).toBe(true);
    const forged = knocked();
    forged.tell({ answered: forged.opener.key });
    forged.tell({ handed: 'AQEAAA' });
    expect(forged.knocking.state.value).toEqual({ type: 'over', reason: 'broken' });
    const early = knocked();
    early.tell({ handed: 'AQEAAA' });
    expect(early.knocking.state.value).toEqual({ type: 'over', reason: 'broken' });
  });

  test('T8 DOOR-11 a knock that was lost is never begun again by itself', () => {
    const { network, knocking, socket, tell } = knocked();
    tell({ held: 'next_part' });
    expect(knocking.state.value).toEqual({ type: 'waiting', held: 'next_part' });
    socket.drop();
    expect(knocking.state.value).toEqual({ type: 'over', reason: 'lost' });
    expect(network.sockets).toHaveLength(1);
    knocking.knock('KMPRST', 'Dev');
    network.last.open();
    network.last.drop(CLOSE_CODES.declined.code);
    expect(knocking.state.value).toEqual({ type: 'over', reason: 'declined' });
    expect(network.sockets).toHaveLength(2);
  });
});
