import type { Channel, Texts } from './types.js';

/** A text, and the language that it is in. */
export interface Said {
  readonly text: string;
  readonly lang: string;
  /** Whether the wanted language had no text of its own. */
  readonly instead: boolean;
}

/** What fans of a language see: the text in it, in a language that it derives from, else in the default one. */
export function textFor(texts: Texts | undefined, wanted: string, standard: string): Said {
  const held = new Map(Object.entries(texts ?? {}).map(([lang, text]) => [lang.toLowerCase(), { lang, text }]));
  for (let tag = wanted.toLowerCase(); tag !== ''; tag = tag.slice(0, Math.max(0, tag.lastIndexOf('-')))) {
    const found = held.get(tag);
    if (found !== undefined) return { ...found, instead: false };
  }

  const fallback = held.get(standard.toLowerCase()) ?? [...held.values()][0] ?? { lang: standard, text: '' };
  return { ...fallback, instead: true };
}

/** The languages that texts in a channel are asked for: its own, and those that the texts at hand already have. */
export function languagesOf(channel: Pick<Channel, 'defaultLocale' | 'requiredLocales'>, ...texts: (Texts | undefined)[]): string[] {
  return distinct([channel.defaultLocale, ...channel.requiredLocales, ...texts.flatMap((text) => Object.keys(text ?? {}))]);
}

/** Tags without those that differ only in how they are written; empty ones are left out. */
export function distinct(tags: readonly string[]): string[] {
  const seen = new Set<string>();
  return tags.filter((tag) => tag !== '' && !seen.has(tag.toLowerCase()) && seen.add(tag.toLowerCase()));
}

/** All texts in something that the API tells, however deep: for finding out which languages it has. */
export function textsIn(value: unknown, names: ReadonlySet<string> = new Set(['title', 'text', 'label', 'explanation'])): Texts[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => (names.has(name) && typeof part === 'object' && part !== null ? [part as Texts] : textsIn(part, names)));
}

/** The tag as it is properly written, or undefined where it is none. */
export function cleanTag(text: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(text.trim())[0];
  } catch {
    return undefined;
  }
}

/** A language's name for readers of another, with its tag, which is what people who work with texts know it by. */
export function languageName(tag: string, reader: string): string {
  try {
    const name = new Intl.DisplayNames([reader], { type: 'language' }).of(tag);
    return name === undefined || name === tag ? tag : `${name} (${tag})`;
  } catch {
    return tag;
  }
}
