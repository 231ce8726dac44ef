// The page's parts, and the room that every screen draws.
import { computed } from '@preact/signals';
import { createPage } from './kit/browser';
import { position } from './kit/state';
import { findMethod } from './screens/methods';
import { chooseScreen, type Room, seeRoom } from './screens/room';

/** Everything that the kit made of this browser. */
export const page = createPage();

export const { client, settings, bell } = page;

/** The session from the own seat; null before the first view. */
export const room = computed<Room | null>(() => {
  const view = client.view.value;
  const seat = client.seat.value;
  if (!view || seat === null) return null;
  return seeRoom(view, seat, client.names.value, findMethod(view.plan.method));
});

/** Whether the running phase has passed its end. */
export const isOver = computed(() => client.time.value?.state === 'over');

/** The light of the page. */
export const light = computed(() => {
  const now = room.value;
  const isOver = client.connection.value.type === 'closed' && now?.view.stage.type !== 'closed';
  if (!now || isOver) return 'arriving';
  return chooseScreen(now) === 'stillness' ? 'listening' : position(now.view, now.seat);
});
