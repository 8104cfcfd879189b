import type { ChannelView, FanHub, Update } from '@fanhub/client';
import { afterMs, type After } from './announcer.js';

const firstMs = 3_000;
const capMs = 60_000;

/** What is told of what comes over the channel. */
export interface Heard {
  /** What goes by and is kept nowhere. */
  passed?(update: Update): void;
  /** What came, and may be shown later. */
  received?(update: Update): void;
}

/** Follows a channel, and where there is none yet, looks again after a while that grows, spread at random so that a crowd that waits does not ask as one. */
export class FollowUntilThere {
  #view: ChannelView;
  #attempt = 0;
  #cancel: (() => void) | undefined;
  #ended = false;

  constructor(
    private readonly hub: Pick<FanHub, 'follow'>,
    private readonly channel: string,
    private readonly changed: () => void,
    private readonly after: After = afterMs,
    private readonly random: () => number = Math.random,
    private readonly heard: Heard = {},
  ) {
    this.#view = this.#follow();
  }

  get view(): ChannelView {
    return this.#view;
  }

  close(): void {
    this.#ended = true;
    this.#cancel?.();
    this.#view.close();
  }

  #follow(): ChannelView {
    const view = this.hub.follow(this.channel);
    if (this.heard.passed !== undefined) view.onFleeting(this.heard.passed);
    if (this.heard.received !== undefined) view.onReceived(this.heard.received);
    view.onChange(() => {
      if (view.state === 'ready') this.#attempt = 0;
      if (view.error?.code === 'not_found') this.#lookAgainLater();
      else this.#calm();
      this.changed();
    });
    return view;
  }

  #lookAgainLater(): void {
    if (this.#cancel !== undefined || this.#ended) return;
    const ceiling = Math.min(capMs, firstMs * 2 ** Math.min(this.#attempt++, 10));
    this.#cancel = this.after(ceiling * (0.5 + this.random() / 2), () => {
      this.#cancel = undefined;
      this.#view.close();
      this.#view = this.#follow();
      this.changed();
    });
  }

  /** The connection was made anew meanwhile, and the channel asked for with it. */
  #calm(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
