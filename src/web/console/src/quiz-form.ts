import { element } from '../../fan/src/dom.js';
import { ChoiceField, HeldField, LineField, SwitchField } from './controls.js';
import type { Field } from './field.js';
import { folded, type FormContext } from './form-context.js';
import { beside, GroupField, type Fields } from './group-field.js';
import { newAnswer, newQuestion, type AnswerValues, type QuestionValues, type QuizValues } from './quiz-values.js';
import { RowsField, type RowField } from './rows-field.js';
import { TextsField } from './texts-field.js';

/** The form of a quiz. */
export function quizForm(context: FormContext): Field<QuizValues> {
  const { words, announce, zone } = context;
  const seconds = words('secondsUnit');
  const fields: Fields<QuizValues> = {
    title: new TextsField(words('quizTitle'), words.lang, 'title'),
    scoring: new ChoiceField({ label: words('scoring') }, (['speed', 'accuracy', 'floor'] as const).map((way) => [way, words(`scoring_${way}`)]), 'scoring'),
    pace: new ChoiceField({ label: words('pace') }, (['manual', 'timed'] as const).map((pace) => [pace, words(`pace_${pace}`)]), 'pace'),
    pauseSeconds: new LineField({ label: words('pauseSeconds'), hint: words('fiveIfEmpty'), unit: seconds }, 'number', 'pauseSeconds'),
    moreTime: new SwitchField({ label: words('moreTime') }, 'moreTime'),
    streakBonus: new LineField({ label: words('streakBonus'), hint: words('none'), unit: words('pointsUnit') }, 'number', 'streakBonus'),
    opensAt: new LineField({ label: words('startsAt'), hint: words('byHand', { zone }) }, 'moment', 'opensAt'),
    lateWindow: new LineField({ label: words('lateWindow'), hint: words('lateWindowHint'), unit: seconds }, 'number', 'lateWindow'),
    questions: new RowsField<QuestionValues>({
      words,
      announce,
      name: 'questions',
      caption: words('questions'),
      least: 1,
      make: () => questionRow(context),
      blank: newQuestion,
      called: (n) => words('questionN', { n }),
      add: words('addQuestion'),
    }),
  };
  const root = element(
    'div',
    { class: 'fields' },
    fields.title.root,
    beside(fields.scoring, fields.pace, fields.pauseSeconds),
    fields.questions.root,
    folded(words('details'), fields.opensAt.root, fields.moreTime.root, fields.streakBonus.root, fields.lateWindow.root),
  );
  return new GroupField(root, fields, { lateWindowMs: 'lateWindow' }, () => {
    fields.pauseSeconds.root.hidden = fields.pace.read() !== 'timed';
  });
}

/** One question with its options; it says its number, so that an editor knows where in a long form this is. */
function questionRow({ words, announce }: FormContext): RowField<QuestionValues> {
  const fields: Fields<QuestionValues> = {
    id: new HeldField<string | undefined>(undefined),
    text: new TextsField('', words.lang, 'text'),
    options: new RowsField<AnswerValues>({
      words,
      announce,
      name: 'answers',
      caption: words('options'),
      least: 2,
      make: () => answerRow(words),
      blank: newAnswer,
      called: (n) => words('optionN', { n }),
      add: words('addOption'),
    }),
    seconds: new LineField({ label: words('seconds'), unit: words('secondsUnit') }, 'number', 'seconds'),
    points: new LineField({ label: words('points'), hint: words('pointsQuestion'), unit: words('pointsUnit') }, 'number', 'points'),
    maxChoices: new LineField({ label: words('maxChoices'), hint: words('oneIfEmpty') }, 'number', 'maxChoices'),
    explanation: new TextsField(words('explanation'), words.lang, 'explanation', true),
  };
  const root = element('div', { class: 'fields' }, fields.text.root, fields.options.root, beside(fields.seconds, fields.points, fields.maxChoices), fields.explanation.root);
  const group = new GroupField(root, fields, { correct: 'options' });
  const text = fields.text as TextsField;
  return Object.assign(group, { number: (n: number) => text.caption(words('questionN', { n: String(n) })) });
}

/** One option of a question, and whether it is a right answer. */
function answerRow(words: FormContext['words']): RowField<AnswerValues> {
  const label = new TextsField('', words.lang, 'label');
  const correct = new SwitchField({ label: words('correct') }, 'correct');
  const group = new GroupField<AnswerValues>(element('div', {}, label.root, correct.root), { id: new HeldField<string | undefined>(undefined), label, correct });
  return Object.assign(group, { number: (n: number) => label.caption(words('optionN', { n: String(n) })) });
}
