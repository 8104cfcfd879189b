import type { Refusal } from './field.js';
import type { Kind } from './types.js';
import { en } from './words-en.js';
import { fr } from './words-fr.js';

export type WordKey = keyof typeof en;

const tables: Record<string, typeof en> = { en, fr };

/** The languages that the page itself speaks. What fans are shown may be in any other. */
export const pageLanguages = [
  { tag: 'en', name: 'English' },
  { tag: 'fr', name: 'Français' },
] as const;

/** The page's own words in one language. */
export interface Words {
  /** The language they are in. */
  readonly lang: string;
  /** A text with its `{blanks}` filled in. */
  (key: WordKey, blanks?: Record<string, string>): string;
  /** A text that is another one for some kinds: `state_open`, unless there is `state_quiz_open`. */
  of(group: 'state' | 'do' | 'done' | 'ask' | 'detail' | 'yes', kind: Kind, name: string): string;
  /** What the server says is wrong with a member, in the page's language where it has words for it. */
  refusal(text: string): Refusal;
}

/** Words in the first of the wanted languages that there is a table for, else in English. */
export function wordsFor(wanted: readonly string[]): Words {
  const lang = wanted.map((tag) => tag.split('-')[0]!.toLowerCase()).find((tag) => Object.hasOwn(tables, tag)) ?? 'en';
  const table = tables[lang]!;
  const say = (key: WordKey, blanks: Record<string, string> = {}): string => table[key].replace(/\{(\w+)\}/g, (blank, name: string) => blanks[name] ?? blank);
  const of: Words['of'] = (group, kind, name) => {
    const key = [`${group}_${kind}_${name}`, `${group}_${name}`].find((one) => Object.hasOwn(table, one));
    return key === undefined ? name : say(key as WordKey);
  };
  const refusal = (text: string): Refusal => {
    for (const [pattern, key] of refusals) {
      const found = pattern.exec(text);
      if (found !== null) return { text: say(key, { a: found[1] ?? '', b: found[2] ?? '' }) };
    }

    return { text, lang: 'en' };
  };
  return Object.assign(say, { lang, of, refusal });
}

const refusals: readonly (readonly [RegExp, WordKey])[] = [
  [/^(?:is empty|is needed(?:,.*)?)$/, 'wrongEmpty'],
  [/^lacks the default language, (.+)$/, 'wrongLacks'],
  [/^lacks (.+), which the channel requires$/, 'wrongLacks'],
  [/^is longer than (\d+) characters$/, 'wrongLong'],
  [/^is in the past$/, 'wrongPast'],
  [/^has to be after opensAt$/, 'wrongOrder'],
  [/^has to be from (\S+) to (\d+)$/, 'wrongRange'],
  [/^has to be from 1 to the number of options$/, 'wrongChoices'],
  [/^has to have from (\d+) to (\d+) entries$/, 'wrongEntries'],
  [/^is not a number$/, 'wrongNumber'],
  [/^is needed: at least one option/, 'wrongAnswer'],
  [/^has more options than an answer may name$/, 'wrongAnswers'],
  [/^has to be an absolute https URL, or a path/, 'wrongLink'],
  [/^has to be an absolute https URL/, 'wrongAddress'],
  [/^has to be 1 to 24 of a-z/, 'wrongReaction'],
  [/^is there twice$/, 'wrongTwice'],
  [/^names a language twice$/, 'wrongTwice'],
  [/^is not a language tag/, 'wrongTag'],
  [/^has to be 1 to 100 of a-z/, 'wrongId'],
  [/^You took part in this prediction/, 'votedYourself'],
];
