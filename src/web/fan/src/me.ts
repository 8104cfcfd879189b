import type { FanHub, FanProfile } from '@fanhub/client';

/** The fan as others see them, asked for when somebody wants to know. */
export class Me {
  #profile: FanProfile | undefined;
  #asking: Promise<FanProfile> | undefined;
  #wanted = false;

  constructor(
    private readonly hub: Pick<FanHub, 'me' | 'rename'>,
    private readonly changed: () => void,
  ) {}

  /** Undefined until it was asked for. */
  get profile(): FanProfile | undefined {
    return this.#profile;
  }

  /** Asks once; again where it could not be had. */
  async load(): Promise<FanProfile> {
    if (this.#profile !== undefined) return this.#profile;
    const asking = (this.#asking ??= this.hub.me());
    try {
      const profile = await asking;
      if (this.#asking === asking) this.#become(profile);
      return profile;
    } finally {
      if (this.#asking === asking) this.#asking = undefined;
    }
  }

  /** Asks where nobody has yet, without waiting for it; not again where it could not be had. */
  wanted(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    void this.load().catch(() => undefined);
  }

  /** Takes a name; null: back to the one that was given. */
  async rename(name: string | null): Promise<FanProfile> {
    this.#asking = undefined;
    const profile = await this.hub.rename(name);
    this.#become(profile);
    return profile;
  }

  /** The fan is another one from now on. */
  forget(): void {
    this.#asking = undefined;
    this.#wanted = false;
    this.#become(undefined);
  }

  #become(profile: FanProfile | undefined): void {
    this.#profile = profile;
    this.changed();
  }
}
