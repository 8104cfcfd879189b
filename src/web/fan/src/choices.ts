import type { PollOption, TallyItem } from '@fanhub/client';
import type { BallotTexts } from './ballot-texts.js';
import type { CardContext } from './card-context.js';
import { element } from './dom.js';
import { leaders, shareOf } from './format.js';
import { OptionRow } from './option-row.js';

/** What can be chosen, and what became of it. */
export interface Ask {
  readonly lang: string;
  readonly options: readonly PollOption[];
  readonly maxChoices: number;
  readonly tally?: TallyItem | undefined;
  /** Whether most votes win: then that is said of the first. */
  readonly final?: boolean;
  /** Ids of those that turned out to be right; undefined while nobody says. */
  readonly correct?: readonly string[] | undefined;
}

/** The options of a ballot as rows, one of them or several to be chosen. */
export class Choices {
  readonly root = element('div', { class: 'options' });
  #rows = new Map<string, OptionRow>();
  #shape = '';
  #several = false;

  constructor(
    private readonly context: Pick<CardContext, 'words' | 'formats'>,
    /** Unlike that of any other group on the page. */
    private readonly name: string,
    private readonly texts: BallotTexts,
  ) {}

  /** Ids of the options that are chosen now, recorded or not. */
  get chosen(): string[] {
    return [...this.#rows].filter(([, row]) => row.input.checked).map(([id]) => id);
  }

  /** @param checked what is to be chosen; undefined leaves it to the fan. */
  show(ask: Ask, own: readonly string[] | undefined, checked: readonly string[] | undefined): void {
    this.#shapeRows(ask);
    if (checked !== undefined) for (const [id, row] of this.#rows) row.input.checked = checked.includes(id);
    const full = this.#several && this.chosen.length >= ask.maxChoices;
    const first = ask.final === true && ask.tally !== undefined ? leaders(ask.tally) : new Set<string>();
    for (const [id, row] of this.#rows) {
      row.input.disabled = full && !row.input.checked;
      this.#mark(row, id, ask, own?.includes(id) ?? false, first.has(id));
    }
  }

  focusFirst(): void {
    this.#rows.values().next().value?.input.focus();
  }

  #mark(row: OptionRow, id: string, ask: Ask, own: boolean, first: boolean): void {
    const { words, formats } = this.context;
    const { tally } = ask;
    const part = tally && { count: tally.counts[id] ?? 0, share: shareOf(tally, id) };
    const correct = ask.correct?.includes(id);
    const said = [...(correct === true ? [words(this.texts.correct)] : []), ...(own ? [words(this.texts.own)] : [])];
    const notes = [...said, ...(first ? [words('mostVotes')] : [])];
    if (part !== undefined) notes.push(formats.share(part.share), ballots(this.context, this.texts, part.count));
    row.mark({ own, first, correct, tags: correct === undefined ? [] : said, notes: notes.join(', ') });
    row.figures(part, formats);
  }

  #shapeRows({ options, maxChoices, lang }: Ask): void {
    this.#several = maxChoices > 1;
    const shape = JSON.stringify([this.#several, options.map((option) => option.id)]);
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.#rows = new Map(options.map((option, i) => [option.id, new OptionRow(option.id, this.name, i, this.#several, this.context.words)]));
      this.root.replaceChildren(...[...this.#rows.values()].map((row) => row.root));
    }

    for (const option of options) this.#rows.get(option.id)!.label(option.label, option.lang ?? lang);
  }
}

/** `12 votes`. */
export function ballots({ words, formats }: Pick<CardContext, 'words' | 'formats'>, texts: BallotTexts, n: number): string {
  return words(n === 1 ? texts.one : texts.many, { n: formats.count(n) });
}
