import type { FanHub } from '@fanhub/client';
import { Announcer } from './announcer.js';
import { channelForm } from './channel-form.js';
import { element, setText } from './dom.js';
import { EventMedals } from './event-medals.js';
import { FollowUntilThere } from './follow-until-there.js';
import type { Formats } from './format.js';
import { MedalTable } from './medal-table.js';
import type { OwnBallots } from './own-ballots.js';
import type { Place } from './place.js';
import { PollList } from './poll-list.js';
import type { ResultContext } from './result-context.js';
import { ResultList } from './result-list.js';
import { ScheduleList } from './schedule-list.js';
import type { StringKey, Words } from './strings.js';

/** What all pages share. */
export interface PageContext {
  readonly hub: FanHub;
  readonly own: OwnBallots;
  readonly words: Words;
  readonly formats: Formats;
  readonly announcer: Announcer;
}

/** Everything that a channel has, whatever kind it is of, as it now is. */
export class ChannelPage {
  readonly #followed: FollowUntilThere;
  readonly #note = element('p', { class: 'note' });
  readonly #polls = element('div', { class: 'polls' });
  readonly #pollList: PollList;
  readonly #results: ResultList;
  readonly #table: MedalTable;
  readonly #events: EventMedals;
  readonly #schedule: ScheduleList;
  readonly #parts: HTMLElement[];
  #place: Place;
  #ticks = 0;

  constructor(
    private readonly context: PageContext,
    place: Place,
    private readonly main: HTMLElement,
    /** Called with what turned out to be there: whether there are results, so that the way to them can be shown, and what the first one is called. */
    private readonly showed: (hasResults: boolean, title: string | undefined) => void,
  ) {
    this.#place = place;
    const { hub, words, formats, announcer } = context;
    const results: ResultContext = { place, words, formats, announcer, now: () => hub.now() };
    const look = (): void => this.show();
    // The page's own heading says it already where the page is about nothing else.
    const heading = (key: StringKey, own: boolean): HTMLElement => element('h2', { class: own ? 'unseen' : undefined }, words(key));
    this.#pollList = new PollList(this.#polls, context, announcer);
    this.#results = new ResultList(results, heading('results', place.kind === 'unit'), look);
    this.#table = new MedalTable(results, heading('medalTable', place.kind === 'medals'));
    this.#events = new EventMedals(results, look);
    this.#schedule = new ScheduleList(results, heading('schedule', place.kind === 'schedule'));
    const ofResults = [this.#results.root, this.#table.root, this.#events.root, this.#schedule.root];
    // Whoever comes for a unit comes for its result; elsewhere what can be answered now comes first.
    this.#parts = place.kind === 'unit' ? [...ofResults, this.#polls] : [this.#polls, ...ofResults];
    this.#followed = new FollowUntilThere(hub, place.channel, look);
    this.show();
  }

  /** Another choice on the same channel. */
  choose(place: Place): void {
    this.#place = place;
    this.show();
  }

  /** Polls may be shown otherwise, because the fan's own ballots, or the connection, changed. */
  render(): void {
    this.#pollList.render();
  }

  /** Time went by: a quarter of a second. */
  tick(): void {
    this.#pollList.tick();
    if (++this.#ticks % 4 === 0 && (this.#results.waiting || this.#events.waiting)) this.show();
  }

  close(): void {
    this.#followed.close();
    this.context.announcer.clear();
  }

  show(): void {
    const view = this.#followed.view;
    const { main } = this;
    if (view.error !== undefined) {
      this.#showProblem(view.error.code, view.error.message);
      return;
    }

    if (main.firstChild !== this.#note) {
      // What says that there is nothing, and a form that is being filled in, stay until there is something better to show.
      if (main.querySelector('.ask') && view.state !== 'ready') return;
      main.replaceChildren(this.#note, ...this.#parts);
    }

    const polls = this.#pollList.show(view);
    const results = this.#results.show(view) + this.#table.show(view) + this.#events.show(view) + this.#schedule.show(view, this.#place);
    const empty: StringKey = this.#place.kind === 'channel' ? 'empty' : this.#place.kind === 'schedule' ? 'noUnits' : this.#place.kind === 'medals' ? 'noMedals' : 'emptyResults';
    setText(this.#note, polls + results > 0 ? '' : this.context.words(view.state === 'loading' ? 'loading' : empty));
    this.#note.hidden = polls + results > 0;
    this.#polls.hidden = polls === 0;
    this.showed(results > 0, this.#results.title);
  }

  #showProblem(code: string, message: string): void {
    const { words } = this.context;
    const { kind, channel, locale } = this.#place;
    const ofResults = kind !== 'channel' && kind !== 'home';
    const text = code === 'not_found' ? words(ofResults ? 'noPlace' : 'noChannelYet', { name: channel }) : code === 'invalid' ? words('noChannel', { name: channel }) : words('refused', { text: message });
    // The same text again is not to be read out again, nor what is typed meanwhile to be lost.
    if (this.main.querySelector('.ask')?.getAttribute('data-problem') === text) return;
    const shown = ofResults && code === 'not_found' ? element('div', { class: 'ask' }, element('p', { role: 'status' }, text)) : channelForm(words, locale, channel, text);
    shown.setAttribute('data-problem', text);
    this.main.replaceChildren(shown);
  }
}
