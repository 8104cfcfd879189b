import { fromLocal } from './moments.js';
import type { Option, Texts } from './types.js';

/** A row of a list of options, as the form has it. */
export interface OptionValues {
  /** Absent for one that the server has not seen. */
  id?: string | undefined;
  label: Texts;
}

/** What is wrong with a form before it is sent, by the same paths that the server uses. */
export type Errors = Record<string, string[]>;

/** Collects what is wrong while values become a body. */
export class Reader {
  readonly errors: Errors = {};

  /** A number; undefined where the field is empty. `unit` is how many of the body's units one of the field's has. */
  number(path: string, text: string, unit = 1): number | undefined {
    const trimmed = text.trim().replace(',', '.');
    if (trimmed === '') return undefined;
    const value = Number(trimmed);
    if (Number.isFinite(value)) return Math.round(value * unit);
    this.#note(path, 'is not a number');
    return undefined;
  }

  /** A whole number that cannot be done without. */
  needed(path: string, text: string): number | undefined {
    const value = this.number(path, text);
    if (value === undefined && this.errors[path] === undefined) this.#note(path, 'is needed');
    return value;
  }

  /** A moment that cannot be done without, because the form was told that there is one. */
  moment(path: string, text: string): string | undefined {
    const value = fromLocal(text);
    if (value === undefined) this.#note(path, 'is needed');
    return value;
  }

  #note(path: string, text: string): void {
    (this.errors[path] ??= []).push(text);
  }
}

/** The text without languages in which nothing is said. */
export function cleanTexts(texts: Texts): Texts {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text.trim() !== ''));
}

/** The same, undefined where nothing is said at all. */
export function optionalTexts(texts: Texts): Texts | undefined {
  const clean = cleanTexts(texts);
  return Object.keys(clean).length > 0 ? clean : undefined;
}

/** What the form was given to show, in the shape that it gives back. */
export function optionValues(options: readonly Option[]): OptionValues[] {
  return options.map(({ id, label }) => ({ id, label }));
}

/** Ids for rows that have none: a, b… without those that are taken, so that other members can refer to them. */
export function withIds<T extends { id?: string | undefined }>(rows: readonly T[], made: (index: number) => string): (T & { id: string })[] {
  const taken = new Set(rows.map((row) => row.id));
  let next = 0;
  return rows.map((row) => {
    if (row.id !== undefined) return { ...row, id: row.id };
    while (taken.has(made(next))) next++;
    return { ...row, id: made(next++) };
  });
}

/** a to z, then aa, ab… */
export function letters(index: number): string {
  return index < 26 ? String.fromCharCode(97 + index) : letters(Math.floor(index / 26) - 1) + letters(index % 26);
}

/** The members that have a value: one that is absent takes the server's default. */
export function present(body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

/** A number as the form shows it, in units of its own; nothing where it is the default that absence means. */
export function shownNumber(value: number | undefined, unit = 1, standard?: number): string {
  return value === undefined || value === standard ? '' : String(value / unit);
}
