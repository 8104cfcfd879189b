import type { KeyValueStore } from '@fanhub/client';

const name = 'fanhub.delay';
const mostSeconds = 600;

/** Seconds as somebody wrote them; undefined where that is not a number from 0 to 600. */
export function readSeconds(text: string | null | undefined): number | undefined {
  const written = (text ?? '').trim().replace(',', '.');
  const seconds = written === '' ? NaN : Number(written);
  return Number.isFinite(seconds) && seconds >= 0 && seconds <= mostSeconds ? seconds : undefined;
}

/** How far the fan's video is behind, in seconds; kept on the device. */
export class StreamDelay {
  #seconds: number;

  /** @param asked what the address says, which goes before what was kept. */
  constructor(
    private readonly store: Pick<KeyValueStore, 'getItem' | 'setItem'> | undefined,
    asked: string | null,
  ) {
    const wanted = readSeconds(asked);
    this.#seconds = wanted ?? readSeconds(kept(store)) ?? 0;
    if (wanted !== undefined) this.set(wanted);
  }

  get seconds(): number {
    return this.#seconds;
  }

  get ms(): number {
    return Math.round(this.#seconds * 1_000);
  }

  set(seconds: number): void {
    this.#seconds = seconds;
    try {
      this.store?.setItem(name, String(seconds));
    } catch {
      // A store that is full or forbidden: it holds for this visit.
      return;
    }
  }
}

function kept(store: Pick<KeyValueStore, 'getItem'> | undefined): string | null {
  try {
    return store?.getItem(name) ?? null;
  } catch {
    return null;
  }
}
