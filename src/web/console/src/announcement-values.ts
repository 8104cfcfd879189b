import { cleanTexts, optionalTexts, present, Reader, type Errors } from './body-parts.js';
import { toLocal } from './moments.js';
import type { Announcement, Texts } from './types.js';

/** An announcement as its form has it. */
export interface AnnouncementValues {
  title: Texts;
  text: Texts;
  severity: string;
  link: string;
  image: string;
  opensAt: string;
  expiresAt: string;
}

export function newAnnouncement(): AnnouncementValues {
  return { title: {}, text: {}, severity: 'info', link: '', image: '', opensAt: '', expiresAt: '' };
}

export function announcementValues(announcement: Announcement): AnnouncementValues {
  return {
    title: announcement.title,
    text: announcement.text ?? {},
    severity: announcement.severity,
    link: announcement.link ?? '',
    image: announcement.image ?? '',
    opensAt: toLocal(announcement.opensAt),
    expiresAt: toLocal(announcement.expiresAt),
  };
}

/** What to send, and what is wrong with it already. */
export function announcementBody(values: AnnouncementValues): { body: Record<string, unknown>; errors: Errors } {
  const reader = new Reader();
  const given = (text: string): string | undefined => (text.trim() === '' ? undefined : text.trim());
  const body = present({
    title: cleanTexts(values.title),
    text: optionalTexts(values.text),
    severity: values.severity,
    link: given(values.link),
    image: given(values.image),
    opensAt: values.opensAt === '' ? undefined : reader.moment('opensAt', values.opensAt),
    expiresAt: values.expiresAt === '' ? undefined : reader.moment('expiresAt', values.expiresAt),
  });
  return { body, errors: reader.errors };
}
