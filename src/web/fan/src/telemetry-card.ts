import type { ResultEntry, TelemetryItem } from '@fanhub/client';
import { element, setLanguage, setText } from './dom.js';
import { directionOf } from './format.js';
import { KeyedTable } from './keyed-table.js';
import { resultColumns, type ShownEntry } from './result-columns.js';
import { timeElement, type ResultContext } from './result-context.js';
import { linesOf } from './result-lines.js';

/** What is measured while a unit goes on. It comes fast, so that nothing of it is read out; and it is never official, and says so. */
export class TelemetryCard {
  readonly root: HTMLElement;
  readonly #asOf = element('span', { class: 'timer' });
  readonly #title = element('h3');
  readonly #table = new KeyedTable<ShownEntry>('result', false);
  #before: readonly ResultEntry[] = [];
  #version: number | undefined;

  constructor(
    private readonly context: ResultContext,
    key: string,
  ) {
    const badge = element('span', { class: 'badge' }, context.words('telemetry'));
    this.root = element('article', { 'data-telemetry': key, 'data-status': 'live' }, element('p', { class: 'state' }, badge, ' ', this.#asOf), this.#title, this.#table.root);
  }

  /** @param title what the unit is called, where it is known, and the language of that. */
  update(now: TelemetryItem, title: string, lang: string): void {
    setText(this.#title, title);
    setLanguage(this.#title, lang, directionOf(lang));
    if (now.version === this.#version) return;
    this.#version = now.version;
    this.#asOf.replaceChildren(timeElement(this.context, now.at));
    const were = new Map(this.#before.map((entry) => [entry.competitor.id, JSON.stringify(entry)]));
    const changed = new Set(now.entries.filter((entry) => were.size > 0 && were.get(entry.competitor.id) !== JSON.stringify(entry)).map((entry) => entry.competitor.id));
    this.#before = now.entries;
    const periods = now.periods ?? [];
    const rows = linesOf(now.entries, changed).map((line) => ({
      key: line.key,
      data: { entry: line.entry, corrected: false, scores: periods.map((period) => period.scores[line.entry.competitor.id] ?? '') },
      changed: line.changed,
    }));
    this.#table.show(`${title}, ${this.context.words('telemetry')}`, resultColumns(this.context, 'live', now.entries, periods), rows);
  }
}
