import { element } from '../../fan/src/dom.js';
import type { AnnouncementValues } from './announcement-values.js';
import { ChoiceField, LineField } from './controls.js';
import type { Field } from './field.js';
import type { FormContext } from './form-context.js';
import { beside, GroupField, type Fields } from './group-field.js';
import { TextsField } from './texts-field.js';

/** The form of an announcement. */
export function announcementForm({ words, zone }: FormContext): Field<AnnouncementValues> {
  const fields: Fields<AnnouncementValues> = {
    title: new TextsField(words('announcementTitle'), words.lang, 'title'),
    text: new TextsField(words('announcementText'), words.lang, 'text', true),
    severity: new ChoiceField({ label: words('severity') }, (['info', 'breaking'] as const).map((one) => [one, words(`severity_${one}`)]), 'severity'),
    link: new LineField({ label: words('link'), hint: words('linkHint') }, 'address', 'link'),
    image: new LineField({ label: words('image') }, 'address', 'image'),
    opensAt: new LineField({ label: words('publishesAt') }, 'moment', 'opensAt'),
    expiresAt: new LineField({ label: words('expiresAt') }, 'moment', 'expiresAt'),
  };
  const hint = element('p', { class: 'hint' }, words('byHand', { zone }));
  const timing = element('fieldset', { class: 'field' }, element('legend', {}, words('timing')), beside(fields.opensAt, fields.expiresAt), hint);
  return new GroupField(element('div', { class: 'fields' }, fields.title.root, fields.text.root, beside(fields.link, fields.image, fields.severity), timing), fields);
}
