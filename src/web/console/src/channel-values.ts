import { cleanTexts } from './body-parts.js';
import type { Channel, Texts } from './types.js';

/** A channel as its form has it. */
export interface ChannelValues {
  id: string;
  title: Texts;
  defaultLocale: string;
  /** Tags with spaces between them. */
  requiredLocales: string;
}

export function newChannel(locale: string): ChannelValues {
  return { id: '', title: {}, defaultLocale: locale, requiredLocales: '' };
}

export function channelValues(channel: Channel): ChannelValues {
  const { id, title, defaultLocale, requiredLocales } = channel;
  return { id, title, defaultLocale, requiredLocales: requiredLocales.join(' ') };
}

/** What is separated by spaces or commas. */
export function wordsOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter((word) => word !== '');
}

export function channelBody(values: ChannelValues): Record<string, unknown> {
  return { title: cleanTexts(values.title), defaultLocale: values.defaultLocale.trim(), requiredLocales: wordsOf(values.requiredLocales) };
}
