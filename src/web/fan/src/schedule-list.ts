import type { ChannelView, ScheduledUnit, ScheduleItem } from '@fanhub/client';
import { element, putInOrder, replaceContents, setText } from './dom.js';
import { directionOf } from './format.js';
import { KeyedTable, type Column } from './keyed-table.js';
import { LinkRow } from './link-row.js';
import { withChoice, type Place } from './place.js';
import { linkTo, type ResultContext } from './result-context.js';
import { daysOf, dayToShow, localDay, sportsOf } from './schedule.js';
import { codeWords } from './strings.js';

interface ShownUnit {
  readonly unit: ScheduledUnit;
  readonly lang: string;
  readonly day: string;
}

interface SportTable {
  readonly root: HTMLElement;
  readonly heading: HTMLElement;
  readonly table: KeyedTable<ShownUnit>;
}

/** The schedule: a day at a time, sport by sport, in the reader's own time. */
export class ScheduleList {
  readonly root: HTMLElement;
  readonly #days: LinkRow;
  readonly #sports: LinkRow;
  readonly #zone = element('p', { class: 'hint' });
  readonly #heading = element('h3', { class: 'day' });
  readonly #list = element('div', { class: 'results' });
  readonly #tables = new Map<string, SportTable>();
  readonly #statuses = new Map<string, string>();

  constructor(
    private readonly context: ResultContext,
    heading: HTMLElement,
  ) {
    this.#days = new LinkRow(context.words('day'));
    this.#sports = new LinkRow(context.words('sports'));
    this.root = element('section', { hidden: true }, heading, this.#days.root, this.#sports.root, this.#heading, this.#zone, this.#list);
  }

  /** Shows the channel as it now is, on the day and for the sport that the place says. @returns how many days there are. */
  show(view: ChannelView, place: Place): number {
    const { words, formats } = this.context;
    const sports = place.kind === 'schedule' ? sportsOf(view.items) : [];
    const sport = sports.find((code) => code.toLowerCase() === place.sport?.toLowerCase());
    const days = daysOf(view.items, sport);
    this.root.hidden = days.length === 0;
    const shown = dayToShow(days, place.day, localDay(this.context.now()));
    if (shown === undefined) return 0;

    const query = new URLSearchParams(location.search);
    this.#days.show(days.map(({ day }) => ({ href: withChoice(query, 'day', day), text: formats.dayShort(day), current: day === shown })));
    const everySport = { href: withChoice(query, 'sport', undefined), text: words('allSports'), current: sport === undefined };
    this.#sports.show(sports.length < 2 ? [] : [everySport, ...sports.map((code) => ({ href: withChoice(query, 'sport', code), text: code, current: code === sport }))]);
    setText(this.#heading, formats.day(shown));
    setText(this.#zone, words('timeZone', { zone: formats.zone(Date.parse(`${shown}T12:00:00Z`)) }));
    const items = days.find(({ day }) => day === shown)!.sports;
    putInOrder(this.#list, items.map((item) => this.#showSport(item)));
    return days.length;
  }

  #showSport(item: ScheduleItem): HTMLElement {
    const { context } = this;
    const key = `${item.day} ${item.sport}`;
    const held = this.#tables.get(key) ?? this.#makeTable(key);
    if (held.heading.textContent !== item.sport) replaceContents(held.heading, [linkTo(context, 'sport', item.sport, item.sport)]);
    const rows = item.units.map((unit, i) => {
      const rowKey = `${key} ${unit.unit}`;
      const before = this.#statuses.get(rowKey);
      this.#statuses.set(rowKey, unit.status);
      return { key: `${unit.unit} ${i}`, data: { unit, lang: unit.lang ?? item.lang ?? context.words.lang, day: item.day }, changed: before !== undefined && before !== unit.status };
    });
    held.table.show(context.words('scheduleOf', { sport: item.sport, day: context.formats.day(item.day) }), this.#columns(), rows);
    return held.root;
  }

  #makeTable(key: string): SportTable {
    const [heading, table] = [element('h4'), new KeyedTable<ShownUnit>('schedule', false)];
    const made = { root: element('article', { 'data-schedule': key }, heading, table.root), heading, table };
    this.#tables.set(key, made);
    return made;
  }

  #columns(): Column<ShownUnit>[] {
    const { words } = this.context;
    return [
      { id: 'time', header: words('time'), cell: (row) => [this.#time(row)] },
      { id: 'name', header: words('event'), rowHeader: true, cell: (row) => this.#event(row) },
      {
        id: 'status',
        header: words('status'),
        cell: ({ unit }) => [this.#status(unit)],
      },
    ];
  }

  #status(unit: ScheduledUnit): HTMLElement {
    return element('span', { class: 'badge', 'data-unit-status': unit.status }, codeWords(this.context.words, 'unit', unit.status));
  }

  /** With the date where it is another one than at the venue. */
  #time({ unit, day }: ShownUnit): Node | string {
    const { words, formats } = this.context;
    const ms = Date.parse(unit.start ?? '');
    if (Number.isNaN(ms)) return words('timeOpen');
    const sameDay = localDay(ms) === day;
    return element('time', { datetime: unit.start, class: sameDay ? 'short' : undefined }, sameDay ? formats.time(ms) : formats.timeAndDay(ms));
  }

  #event({ unit, lang }: ShownUnit): (Node | string)[] {
    const { words } = this.context;
    const parts: (Node | string)[] = [linkTo(this.context, 'unit', unit.unit, unit.title, lang)];
    if (unit.medal === true) parts.push(' ', element('span', { class: 'tag medal-event' }, words('medalEvent')));
    if (unit.venue !== undefined) parts.push(' ', element('span', { class: 'members', lang, dir: directionOf(lang) }, unit.venue));
    // On a narrow screen there is no room for a column of its own.
    parts.push(element('span', { class: 'status-below' }, this.#status(unit)));
    return parts;
  }
}
