import { bit } from './bites.ts';
import { bytesOf, changeReceived, changeSent, onSend } from './channels.ts';
import { rewriteSdp } from './descriptions.ts';
import { delayEvent, doubleEvent, dropEvent, earlyEvent, lieDuringEvent, onEvent } from './events.ts';
import { decideFrames, repaint } from './pictures.ts';
import { filterSound } from './sound.ts';
import { changeStatistics } from './statistics.ts';
import { construct, property, wrap } from './wrap.ts';

/**
 * What a fault finds in the page: ways to break a browser, each of which says when it bites. Sent as source ahead of
 * the fault, which is sent as source too and sees nothing else.
 */
export const kit = {
  bit,
  wrap,
  property,
  construct,
  onSend,
  changeSent,
  changeReceived,
  bytesOf,
  onEvent,
  dropEvent,
  doubleEvent,
  delayEvent,
  earlyEvent,
  lieDuringEvent,
  rewriteSdp,
  changeStatistics,
  repaint,
  decideFrames,
  filterSound,
} as const;

export type Kit = typeof kit;
