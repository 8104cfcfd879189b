import type { QuizItem, QuizQuestion } from '@fanhub/client';
import { closesFor } from './closing.js';

/** When a question closes for this fan, and how long it is. */
export interface QuestionTimes {
  /** Unix ms by the server's clock. */
  readonly closes: number;
  readonly lengthMs: number;
}

/** @param doubled whether the fan has double time in it: that counts from the opening. */
export function timesOf(quiz: Pick<QuizItem, 'lateWindowMs'>, question: QuizQuestion, delayMs: number, doubled: boolean): QuestionTimes {
  const lengthMs = question.seconds * 1_000 * (doubled ? 2 : 1);
  const ends = doubled ? new Date(Date.parse(question.opensAt) + lengthMs).toISOString() : question.closesAt;
  const { lateWindowMs } = quiz;
  return { closes: closesFor({ closesAt: ends, lateWindowMs }, delayMs) ?? Infinity, lengthMs };
}

/** Whether all that was chosen is right, and nothing that could be chosen is missing. */
export function isRight(choices: readonly string[], correct: readonly string[], maxChoices: number): boolean {
  return choices.every((id) => correct.includes(id)) && choices.length === Math.min(correct.length, maxChoices);
}
