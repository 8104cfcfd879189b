import type { AnnouncementItem, ChannelView, Update } from '@fanhub/client';
import { AnnouncementCard } from './announcement-card.js';
import type { CardContext } from './card-context.js';
import { CardList } from './card-list.js';
import { element } from './dom.js';

/** The announcements that hold at a moment, in Unix ms: breaking ones first, the newest before the older. */
export function announcementsOf(items: ReadonlyMap<string, Update>, now: number): Update<AnnouncementItem>[] {
  const held = (item: Update): item is Update<AnnouncementItem> => item.kind === 'announcement' && !(Date.parse((item.data as AnnouncementItem).expiresAt ?? '') <= now);
  const group = (item: Update<AnnouncementItem>): number => (item.data!.severity === 'breaking' ? 0 : 1);
  return [...items.values()].filter(held).sort((a, b) => group(a) - group(b) || (Date.parse(b.at) || 0) - (Date.parse(a.at) || 0) || (a.key < b.key ? -1 : 1));
}

/** The announcements of a channel. They go when they expire, whether or not the server says so. */
export class AnnouncementList {
  readonly root: HTMLElement;
  readonly #list: CardList<AnnouncementItem, AnnouncementCard>;
  readonly #told = new Set<string>();
  #view: ChannelView | undefined;
  #settled = false;

  constructor(
    private readonly context: CardContext,
    /** Says it at once, whatever is being read out. */
    private readonly alert: (text: string) => void,
    page: string,
  ) {
    this.#list = new CardList(
      'announcements',
      (item) => new AnnouncementCard(context, item, page),
      (id) => context.announcer.forget(`announcement:${id}`),
    );
    this.root = element('section', { 'aria-label': context.words('announcements'), hidden: true }, this.#list.root);
  }

  /** Shows the channel as it now is. @returns how many announcements there are. */
  show(view: ChannelView): number {
    this.#view = view;
    const count = this.#showNow(view);
    if (view.state === 'ready') this.#settled = true;
    return count;
  }

  /** Time went by. */
  tick(): void {
    if (this.#view !== undefined) this.#showNow(this.#view);
  }

  #showNow(view: ChannelView): number {
    const now = this.context.hub.now() - this.context.hub.delayMs;
    const shown = announcementsOf(view.items, now);
    const made = new Map(shown.map((item) => [item.data!.id, item.at]));
    const count = this.#list.show(
      shown.map((item) => item.data!),
      (card, item) => {
        card.update(item, made.get(item.id)!);
        this.#tell(item);
      },
    );
    this.root.hidden = count === 0;
    return count;
  }

  /** Once each: what is breaking at once, also to who has just come; the rest as other news is. */
  #tell({ id, severity, title, text }: AnnouncementItem): void {
    if (this.#told.has(id)) return;
    this.#told.add(id);
    const { words, announcer } = this.context;
    if (severity === 'breaking') this.alert(`${words('breaking')}: ${title}. ${text ?? ''}`.trim());
    else if (this.#settled) announcer.news(`announcement:${id}`, `${words('info')}: ${title}`);
  }
}
