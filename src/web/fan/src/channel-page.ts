import type { FanHub } from '@fanhub/client';
import { AnnouncementList } from './announcement-list.js';
import { afterMs } from './announcer.js';
import type { CardContext } from './card-context.js';
import { channelForm } from './channel-form.js';
import { CheerRow } from './cheer-row.js';
import { element, setText } from './dom.js';
import { EventMedals } from './event-medals.js';
import { FollowUntilThere } from './follow-until-there.js';
import { MedalTable } from './medal-table.js';
import type { Place } from './place.js';
import { PollList } from './poll-list.js';
import { PredictionList } from './prediction-list.js';
import { QuizList } from './quiz-list.js';
import type { ResultContext } from './result-context.js';
import { ResultList } from './result-list.js';
import { ScheduleList } from './schedule-list.js';
import type { StringKey } from './strings.js';

/** What all pages share. */
export interface PageContext extends CardContext {
  readonly hub: FanHub;
  /** Says something at once, whatever is being read out. */
  alert(text: string): void;
}

/** Everything that a channel has, whatever kind it is of, as it now is. */
export class ChannelPage {
  readonly #followed: FollowUntilThere;
  readonly #note = element('p', { class: 'note' });
  readonly #announcements: AnnouncementList;
  readonly #quizzes: QuizList;
  readonly #cheers: CheerRow;
  readonly #predictions: PredictionList;
  readonly #polls: PollList;
  /** Predictions and polls, side by side where there is room. */
  readonly #ballots: HTMLElement;
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
    this.#announcements = new AnnouncementList(context, (text) => context.alert(text), location.href);
    this.#quizzes = new QuizList(context);
    this.#cheers = new CheerRow(context, place.channel);
    this.#predictions = new PredictionList(context, place.channel);
    this.#polls = new PollList(context);
    this.#ballots = element('div', { class: 'ballots' }, this.#predictions.root, this.#polls.root);
    this.#results = new ResultList(results, heading('results', place.kind === 'unit'), look);
    this.#table = new MedalTable(results, heading('medalTable', place.kind === 'medals'));
    this.#events = new EventMedals(results, look);
    this.#schedule = new ScheduleList(results, heading('schedule', place.kind === 'schedule'));
    const ofResults = [this.#results.root, this.#table.root, this.#events.root, this.#schedule.root];
    // Whoever comes for a unit comes for its result; elsewhere what can be answered now comes first.
    const toAnswer = [this.#quizzes.root, this.#cheers.root, this.#ballots];
    this.#parts = [this.#announcements.root, ...(place.kind === 'unit' ? [...ofResults, ...toAnswer] : [...toAnswer, ...ofResults])];
    this.#followed = new FollowUntilThere(hub, place.channel, look, afterMs, Math.random, {
      passed: (update) => this.#cheers.passed(update),
      received: (update) => context.standings.received(update),
    });
    this.show();
  }

  /** Another choice on the same channel. */
  choose(place: Place): void {
    this.#place = place;
    this.show();
  }

  /** Cards may be shown otherwise, because the fan's own ballots, or the connection, changed. */
  render(): void {
    for (const list of [this.#quizzes, this.#predictions, this.#polls]) list.render();
  }

  /** The fan is another one from now on. */
  forget(): void {
    this.show();
    this.render();
  }

  /** Time went by: a quarter of a second. */
  tick(): void {
    for (const part of [this.#announcements, this.#quizzes, this.#cheers, this.#predictions, this.#polls]) part.tick();
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

    const played = [this.#announcements, this.#quizzes, this.#cheers, this.#predictions, this.#polls].reduce((sum, part) => sum + part.show(view), 0);
    this.#ballots.hidden = this.#predictions.root.hidden && this.#polls.root.hidden;
    const results = this.#results.show(view) + this.#table.show(view) + this.#events.show(view) + this.#schedule.show(view, this.#place);
    const empty: StringKey = this.#place.kind === 'channel' ? 'empty' : this.#place.kind === 'schedule' ? 'noUnits' : this.#place.kind === 'medals' ? 'noMedals' : 'emptyResults';
    setText(this.#note, played + results > 0 ? '' : this.context.words(view.state === 'loading' ? 'loading' : empty));
    this.#note.hidden = played + results > 0;
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
