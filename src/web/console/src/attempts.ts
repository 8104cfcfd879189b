/** Keys for requests that may have to be sent again: the same request keeps its key until it is known what became of it. */
export class Attempts {
  readonly #underWay = new Map<string, string>();

  constructor(private readonly newKey: () => string = randomKey) {}

  /** The key of a request, told apart from others by all that is in it. */
  keyFor(request: string): string {
    const key = this.#underWay.get(request) ?? this.newKey();
    this.#underWay.set(request, key);
    return key;
  }

  /** It is known what became of the request: the next one of its kind is another one. */
  settled(request: string): void {
    this.#underWay.delete(request);
  }

  /** Whether the request was sent before, and nobody knows what became of it. */
  isOpen(request: string): boolean {
    return this.#underWay.has(request);
  }
}

/** From what browsers have on plain http too, where an event's own network has no certificates. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
