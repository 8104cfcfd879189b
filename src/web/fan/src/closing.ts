import type { CardContext } from './card-context.js';
import { countdown } from './format.js';

const dayMs = 86_400_000;

/** What says until when ballots count. */
export interface Window {
  readonly closesAt?: string | undefined;
  readonly lateWindowMs?: number | undefined;
}

/** When it closes for a fan whose stream is behind, in Unix ms by the server's clock: as much later as the stream is, as far as the editor allows. */
export function closesFor({ closesAt, lateWindowMs = 0 }: Window, delayMs: number): number | undefined {
  const ms = Date.parse(closesAt ?? '');
  return Number.isNaN(ms) ? undefined : ms + Math.min(delayMs, lateWindowMs);
}

/** How long ballots can be given, in words; empty where nobody has said. */
export function closingText({ words, formats, hub }: Pick<CardContext, 'words' | 'formats' | 'hub'>, window: Window): string {
  const closes = closesFor(window, hub.delayMs);
  if (closes === undefined) return '';
  const left = closes - hub.now();
  if (left <= 0) return words('closing');
  return left > dayMs ? words('closesAt', { time: formats.moment(closes) }) : words('closesIn', { time: countdown(left) });
}
