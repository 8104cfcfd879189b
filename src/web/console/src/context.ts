import type { Formats } from '../../fan/src/format.js';
import type { Clock } from './clock.js';
import type { Desk } from './desk.js';
import type { Place } from './place.js';
import type { Words } from './words.js';

/** A question to the editor before something that cannot be taken back. */
export interface Doubt {
  readonly question: string;
  readonly detail: string;
  /** What the button says that does it. */
  readonly yes: string;
}

/** What the page's parts share. */
export interface Context {
  readonly desk: Desk;
  readonly clock: Clock;
  readonly words: Words;
  readonly formats: Formats;
  href(place: Place): string;
  /** Shows another place. */
  go(place: Place): void;
  /** Asks, and tells whether the editor is sure. */
  confirm(doubt: Doubt): Promise<boolean>;
  /** Says something to screen readers that eyes see anyway. */
  announce(text: string): void;
}

/** What fills the page's main part. */
export interface View {
  readonly root: HTMLElement;
  /** For the window's title. */
  readonly title: string;
  /** Time went by: countdowns. */
  tick?(): void;
  /** Whether something was written that is not saved. */
  isDirty?(): boolean;
  close?(): void;
}
