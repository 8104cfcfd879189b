import type { FanHub } from '@fanhub/client';
import type { Announcer } from './announcer.js';
import type { Formats } from './format.js';
import type { Me } from './me.js';
import type { MoreTimes } from './more-times.js';
import type { OwnBallots } from './own-ballots.js';
import type { Standings } from './standings.js';
import type { Words } from './strings.js';

/** What the cards of a page share. */
export interface CardContext {
  readonly hub: Pick<FanHub, 'vote' | 'answer' | 'standing' | 'moreTime' | 'cheer' | 'now' | 'status' | 'delayMs'>;
  readonly own: OwnBallots;
  readonly me: Me;
  readonly moreTimes: MoreTimes;
  readonly standings: Standings;
  readonly words: Words;
  readonly formats: Formats;
  readonly announcer: Announcer;
}
