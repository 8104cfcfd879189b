import { announcementForm } from './announcement-form.js';
import { announcementBody, announcementValues, newAnnouncement, type AnnouncementValues } from './announcement-values.js';
import type { Errors } from './body-parts.js';
import type { Field } from './field.js';
import type { FormContext } from './form-context.js';
import { pollForm, predictionForm } from './poll-form.js';
import { newPoll, newPrediction, pollBody, pollValues, predictionBody, predictionValues, type PollValues, type PredictionValues } from './poll-values.js';
import { quizForm } from './quiz-form.js';
import { newQuiz, quizBody, quizValues, type QuizValues } from './quiz-values.js';
import type { ItemOf, Kind } from './types.js';

interface ValuesOf {
  poll: PollValues;
  prediction: PredictionValues;
  quiz: QuizValues;
  announcement: AnnouncementValues;
}

/** How items of a kind are written. */
export interface FormOf<K extends Kind, V = ValuesOf[K]> {
  readonly make: (context: FormContext) => Field<V>;
  readonly blank: () => V;
  /** What an item says, as its form has it. */
  readonly values: (item: ItemOf<K>) => V;
  /** What to send, and what is wrong with it already. */
  readonly body: (values: V) => { body: Record<string, unknown>; errors: Errors };
}

const forms: { readonly [K in Kind]: FormOf<K> } = {
  poll: { make: pollForm, blank: newPoll, values: pollValues, body: pollBody },
  prediction: { make: predictionForm, blank: newPrediction, values: predictionValues, body: predictionBody },
  quiz: { make: quizForm, blank: newQuiz, values: quizValues, body: quizBody },
  announcement: { make: announcementForm, blank: newAnnouncement, values: announcementValues, body: announcementBody },
};

/** The form of a kind, for those to whom all kinds are the same. */
export function formOf(kind: Kind): FormOf<Kind, unknown> {
  return forms[kind] as FormOf<Kind, unknown>;
}
