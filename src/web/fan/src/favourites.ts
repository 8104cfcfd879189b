import type { KeyValueStore } from '@fanhub/client';

/** A sport or a country that the fan follows, by its code. */
export interface Favourite {
  readonly kind: 'sport' | 'country';
  readonly code: string;
}

const name = 'fanhub.favourites';
const most = 30;

/** What the fan follows, kept on the device and sent nowhere. */
export class Favourites {
  #list: Favourite[];

  constructor(private readonly store: Pick<KeyValueStore, 'getItem' | 'setItem'> | undefined) {
    this.#list = read(store);
  }

  get list(): readonly Favourite[] {
    return this.#list;
  }

  has(kind: Favourite['kind'], code: string): boolean {
    return this.#list.some((one) => one.kind === kind && one.code === code);
  }

  /** Follows it, or no longer. The one followed longest ago makes room where there are too many. */
  toggle(kind: Favourite['kind'], code: string): void {
    // Another tab may have changed it meanwhile.
    const others = read(this.store, this.#list).filter((one) => one.kind !== kind || one.code !== code);
    this.#list = this.has(kind, code) ? others : [...others, { kind, code }].slice(-most);
    try {
      this.store?.setItem(name, JSON.stringify(this.#list));
    } catch {
      // A store that is full or forbidden: it holds for this visit.
      return;
    }
  }
}

function read(store: Pick<KeyValueStore, 'getItem'> | undefined, otherwise: Favourite[] = []): Favourite[] {
  try {
    const kept: unknown = JSON.parse(store?.getItem(name) ?? 'null');
    return Array.isArray(kept) ? kept.filter(isFavourite).slice(-most) : otherwise;
  } catch {
    return otherwise;
  }
}

function isFavourite(value: unknown): value is Favourite {
  const one = value as Partial<Favourite> | null;
  return (one?.kind === 'sport' || one?.kind === 'country') && typeof one.code === 'string' && one.code !== '' && one.code.length <= 60;
}
