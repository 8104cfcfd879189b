import type { LeaderboardItem, LeaderboardRow, Standing, Update } from '@fanhub/client';
import type { CardContext } from './card-context.js';
import { element, setAttribute, setText } from './dom.js';
import { KeyedTable, type Column } from './keyed-table.js';
import { MoreButton } from './more-button.js';

const mostAtOnce = 10;

interface ShownRow extends LeaderboardRow {
  readonly own: boolean;
}

/** The best of a board, and where the fan stands: in their own row, put below the others where it is not among them. */
export class Leaderboard {
  readonly root: HTMLElement;
  readonly #heading = element('h3');
  readonly #standing = element('p', { class: 'standing' });
  readonly #table = new KeyedTable<ShownRow>('leaderboard', false);
  readonly #participants = element('p', { class: 'hint' });
  readonly #more: MoreButton;
  #item: Update | undefined;
  #title = '';

  constructor(
    private readonly context: CardContext,
    private readonly board: string,
  ) {
    this.#more = new MoreButton(context.words('more'), mostAtOnce, () => this.render());
    this.#standing.setAttribute('data-standing', board);
    this.root = element('section', { class: 'board', 'data-board': board, hidden: true }, this.#heading, this.#standing, this.#table.root, this.#more.root, this.#participants);
  }

  /** @param item the board's item; undefined while there is none. */
  show(item: Update | undefined, title: string): void {
    this.#item = item;
    this.#title = title;
    if (item !== undefined) this.context.standings.of(this.board).shown(item.version);

    this.render();
  }

  render(): void {
    const { words, formats } = this.context;
    this.root.hidden = this.#item === undefined;
    if (this.#item === undefined) return;
    const { top, participants } = this.#item.data as LeaderboardItem;
    const standing = this.context.standings.of(this.board).at(this.#item.version);
    // To tell the own row from one with the same points.
    if (standing?.rank !== undefined) this.context.me.wanted();
    setText(this.#heading, this.#title);
    this.#renderStanding(standing);
    this.#table.root.hidden = top.length === 0;
    this.#table.show(this.#title, this.#columns(), this.#rows(this.#more.some(top), top, standing));
    setText(this.#participants, words(participants === 1 ? 'participantsOne' : 'participantsMany', { n: formats.count(participants) }));
  }

  #renderStanding(standing: Standing | undefined): void {
    const { words, formats } = this.context;
    setAttribute(this.#standing, 'data-score', standing === undefined ? undefined : String(standing.score));
    setAttribute(this.#standing, 'data-rank', standing?.rank === undefined ? undefined : String(standing.rank));
    this.#standing.hidden = standing === undefined;
    if (standing === undefined) return;
    const blanks = { score: formats.count(standing.score), rank: formats.count(standing.rank ?? 0), of: formats.count(standing.of) };
    setText(this.#standing, standing.rank === undefined ? words('standingNone') : words('standing', blanks));
  }

  #rows(shown: readonly LeaderboardRow[], top: readonly LeaderboardRow[], standing: Standing | undefined) {
    const name = this.context.me.profile?.name;
    const ownRow = standing?.rank === undefined ? undefined : top.find((row) => row.rank === standing.rank && row.score === standing.score && row.name === name);
    const rows = shown.map((row, i) => ({ key: String(i), data: { ...row, own: row === ownRow }, changed: false, own: row === ownRow }));
    if (standing?.rank === undefined || rows.some((row) => row.own)) return rows;
    const own = { rank: standing.rank, score: standing.score, name: name ?? '', own: true };
    return [...rows, { key: 'own', data: own, changed: false, own: true }];
  }

  #columns(): Column<ShownRow>[] {
    const { words, formats } = this.context;
    return [
      { id: 'rank', header: words('rank'), short: words('rankShort'), cell: (row) => [formats.count(row.rank)] },
      { id: 'name', header: words('player'), rowHeader: true, cell: (row) => nameCell(row, words('you')) },
      { id: 'figure', header: words('score'), cell: (row) => [formats.count(row.score)] },
    ];
  }
}

function nameCell({ name, own }: ShownRow, you: string): (Node | string)[] {
  const shown = name === '' ? [] : [element('bdi', {}, name)];
  return own ? [...shown, ' ', element('span', { class: 'tag you' }, you)] : shown;
}
