import { element } from '../../fan/src/dom.js';
import type { OptionValues } from './body-parts.js';
import { ChoiceField, HeldField, LineField, SwitchField } from './controls.js';
import type { Field } from './field.js';
import { folded, type FormContext } from './form-context.js';
import { beside, GroupField, type Fields } from './group-field.js';
import type { Ending, PollValues, PredictionValues } from './poll-values.js';
import { RowsField, type RowField } from './rows-field.js';
import { TextsField } from './texts-field.js';

/** The form of a poll. */
export function pollForm(context: FormContext): Field<PollValues> {
  const fields = pollFields(context);
  const root = element('div', { class: 'fields' }, fields.title.root, fields.options.root, timing(context, fields), details(context, fields));
  return new GroupField(root, fields, { lateWindowMs: 'lateWindow' }, () => showEnding(fields));
}

/** The form of a prediction. */
export function predictionForm(context: FormContext): Field<PredictionValues> {
  const { words } = context;
  const points = new LineField({ label: words('points'), hint: words('pointsPrediction'), unit: words('pointsUnit') }, 'number', 'points');
  const unit = new LineField({ label: words('unit'), hint: words('unitHint') }, 'id', 'unit');
  const fields = { ...pollFields(context), points, unit };
  const root = element('div', { class: 'fields' }, fields.title.root, fields.options.root, timing(context, fields), points.root, details(context, fields, unit.root));
  return new GroupField<PredictionValues>(root, fields, { lateWindowMs: 'lateWindow' }, () => showEnding(fields));
}

function pollFields({ words, announce }: FormContext): Fields<PollValues> {
  const seconds = words('secondsUnit');
  const endings: Ending[] = ['hand', 'seconds', 'moment'];
  const views = ['live', 'after_vote', 'after_close', 'never'] as const;
  return {
    title: new TextsField(words('question'), words.lang, 'title'),
    options: new RowsField<OptionValues>({
      words,
      announce,
      name: 'options',
      caption: words('options'),
      least: 2,
      make: () => optionRow(words),
      blank: () => ({ label: {} }),
      called: (n) => words('optionN', { n }),
      add: words('addOption'),
    }),
    maxChoices: new LineField({ label: words('maxChoices'), hint: words('oneIfEmpty') }, 'number', 'maxChoices'),
    changeable: new SwitchField({ label: words('changeable') }, 'changeable'),
    visibility: new ChoiceField({ label: words('visibility') }, views.map((view) => [view, words(`visibility_${view}`)]), 'visibility'),
    opensAt: new LineField({ label: words('opensAt') }, 'moment', 'opensAt'),
    ending: new ChoiceField({ label: words('ending') }, endings.map((ending) => [ending, words(`ending_${ending}`)]), 'ending') as Field<Ending> & ChoiceField,
    seconds: new LineField({ label: words('closesAfter'), unit: seconds }, 'number', 'seconds'),
    closesAt: new LineField({ label: words('closesAt') }, 'moment', 'closesAt'),
    lateWindow: new LineField({ label: words('lateWindow'), hint: words('lateWindowHint'), unit: seconds }, 'number', 'lateWindow'),
  };
}

/** One option: its text, and the id that it keeps. */
function optionRow(words: FormContext['words']): RowField<OptionValues> {
  const label = new TextsField('', words.lang, 'label');
  const group = new GroupField<OptionValues>(element('div', {}, label.root), { id: new HeldField<string | undefined>(undefined), label });
  return Object.assign(group, { number: (n: number) => label.caption(words('optionN', { n: String(n) })) });
}

function timing({ words, zone }: FormContext, fields: Fields<PollValues>): HTMLElement {
  const hint = element('p', { class: 'hint' }, words('byHand', { zone }));
  return element('fieldset', { class: 'field' }, element('legend', {}, words('timing')), beside(fields.opensAt, fields.ending, fields.seconds, fields.closesAt), hint);
}

function details({ words }: FormContext, fields: Fields<PollValues>, ...more: HTMLElement[]): HTMLElement {
  return folded(words('details'), fields.visibility.root, fields.changeable.root, fields.maxChoices.root, fields.lateWindow.root, ...more);
}

function showEnding({ ending, seconds, closesAt }: Fields<PollValues>): void {
  seconds.root.hidden = ending.read() !== 'seconds';
  closesAt.root.hidden = ending.read() !== 'moment';
}
