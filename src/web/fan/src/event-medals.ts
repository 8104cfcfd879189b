import type { ChannelView, EventMedalsItem } from '@fanhub/client';
import { element, ofUnknownLanguage, putInOrder, replaceContents, setAttribute, setLanguage } from './dom.js';
import { directionOf } from './format.js';
import { HeldItems, type HeldItem } from './held-items.js';
import { MoreButton } from './more-button.js';
import { linkTo, organisationLink, timeElement, type ResultContext } from './result-context.js';
import { latestEvents } from './results.js';
import { codeWords } from './strings.js';

const mostAtOnce = 12;

/** Who won the medals, event by event, the latest first. */
export class EventMedals {
  readonly root: HTMLElement;
  readonly #cards = new Map<string, { root: HTMLElement; was: HeldItem<EventMedalsItem> | undefined }>();
  readonly #held: HeldItems<EventMedalsItem>;
  readonly #list = element('div', { class: 'results' });
  readonly #more: MoreButton;

  constructor(
    private readonly context: ResultContext,
    look: () => void,
  ) {
    this.#held = new HeldItems((item) => item.kind === 'medals' && item.key !== 'medals:table');
    this.#more = new MoreButton(context.words('more'), mostAtOnce, look);
    this.root = element('section', { hidden: true }, element('h2', {}, context.words('medalsByEvent')), this.#list, this.#more.root);
  }

  /** Whether to look again in a while, although nothing came. */
  get waiting(): boolean {
    return this.#held.waiting;
  }

  /** Shows the channel as it now is. @returns how many events have medals. */
  show(view: ChannelView): number {
    const events = latestEvents(this.#held.look(view));
    putInOrder(this.#list, this.#more.some(events).map((held) => this.#show(held)));
    this.root.hidden = events.length === 0;
    return events.length;
  }

  #show(held: HeldItem<EventMedalsItem>): HTMLElement {
    const card = this.#cards.get(held.key) ?? { root: element('article', { 'data-medals': held.key }), was: undefined };
    this.#cards.set(held.key, card);
    const { was } = card;
    if (was?.update === held.update && was.withdrawn === held.withdrawn) return card.root;
    card.was = held;
    const now = held.update.data!;
    setAttribute(card.root, 'data-status', held.withdrawn ? 'withdrawn' : now.status);
    replaceContents(card.root, this.#contents(now, held.withdrawn));
    if (held.withdrawn) this.context.announcer.news(held.key, this.context.words('newsWithdrawn', { title: now.title }));
    else if (was !== undefined && was.update.version !== held.update.version && now.corrected === true) this.context.announcer.news(held.key, this.context.words('newsCorrected', { title: now.title, note: now.note ?? '' }).trim());
    return card.root;
  }

  #contents(now: EventMedalsItem, withdrawn: boolean): Node[] {
    const { context } = this;
    const { words } = context;
    const corrected = !withdrawn && now.corrected === true;
    const title = element('h3');
    const lang = now.lang ?? words.lang;
    title.append(now.title);
    setLanguage(title, lang, directionOf(lang));
    const badge = element('span', { class: 'badge' }, codeWords(words, 'status', withdrawn ? 'withdrawn' : now.status));
    const state = element('p', { class: 'state' }, badge, ...(corrected ? [element('span', { class: 'badge altered' }, words('corrected'))] : []), ' ');
    state.append(element('span', { class: 'timer' }, timeElement(context, now.at)), ' ', linkTo(context, 'sport', now.sport, now.sport));
    if (withdrawn) return [state, title, element('p', { class: 'notice' }, element('strong', {}, words('withdrawnMedals')))];
    const note = now.note ?? (corrected ? words('correctedNote') : '');
    const notice = element('p', { class: 'notice', 'data-corrected': corrected }, ...(corrected ? [element('strong', {}, words('corrected')), ': '] : []), element('span', note === now.note ? ofUnknownLanguage : {}, note));
    return [state, title, ...(note === '' ? [] : [notice]), this.#winners(now)];
  }

  #winners(now: EventMedalsItem): HTMLElement {
    const { context } = this;
    const lines = now.medals.map(({ medal, competitor }) => {
      const members = (competitor.members ?? []).map((member) => member.name).join(', ');
      const name = element('span', { class: 'winner' }, element('bdi', {}, competitor.name));
      if (members !== '') name.append(' ', element('span', { class: 'members', dir: 'auto' }, members));
      return element('li', {}, element('span', { class: `medal ${medal}` }, context.words(medal)), name, organisationLink(context, competitor.organisation));
    });
    return element('ul', { class: 'winners' }, ...lines);
  }
}
