import { cleanTexts, letters, optionalTexts, present, Reader, shownNumber, withIds, type Errors, type OptionValues } from './body-parts.js';
import { toLocal } from './moments.js';
import type { Question, Quiz, Texts } from './types.js';

/** An option of a question; `correct` where it is a right answer. */
export interface AnswerValues extends OptionValues {
  correct: boolean;
}

/** A question as the form has it. */
export interface QuestionValues {
  id?: string | undefined;
  text: Texts;
  options: AnswerValues[];
  maxChoices: string;
  points: string;
  seconds: string;
  explanation: Texts;
}

/** A quiz as its form has it. */
export interface QuizValues {
  title: Texts;
  scoring: string;
  streakBonus: string;
  pace: string;
  pauseSeconds: string;
  moreTime: boolean;
  opensAt: string;
  /** In seconds. */
  lateWindow: string;
  questions: QuestionValues[];
}

export function newAnswer(): AnswerValues {
  return { label: {}, correct: false };
}

export function newQuestion(): QuestionValues {
  return { text: {}, options: [newAnswer(), newAnswer()], maxChoices: '', points: '', seconds: '20', explanation: {} };
}

export function newQuiz(): QuizValues {
  return { title: {}, scoring: 'speed', streakBonus: '', pace: 'manual', pauseSeconds: '', moreTime: true, opensAt: '', lateWindow: '', questions: [newQuestion()] };
}

export function quizValues(quiz: Quiz): QuizValues {
  return {
    title: quiz.title,
    scoring: quiz.scoring,
    streakBonus: shownNumber(quiz.streakBonus, 1, 0),
    pace: quiz.pace,
    pauseSeconds: shownNumber(quiz.pauseSeconds, 1, 5),
    moreTime: quiz.moreTime,
    opensAt: toLocal(quiz.opensAt),
    lateWindow: shownNumber(quiz.lateWindowMs, 1_000, 0),
    questions: quiz.questions.map(questionValues),
  };
}

function questionValues(question: Question): QuestionValues {
  return {
    id: question.id,
    text: question.text,
    options: question.options.map(({ id, label }) => ({ id, label, correct: question.correct.includes(id) })),
    maxChoices: shownNumber(question.maxChoices, 1, 1),
    points: shownNumber(question.points, 1, 1_000),
    seconds: shownNumber(question.seconds),
    explanation: question.explanation ?? {},
  };
}

/** What to send, and what is wrong with it already. */
export function quizBody(values: QuizValues): { body: Record<string, unknown>; errors: Errors } {
  const reader = new Reader();
  const body = present({
    title: cleanTexts(values.title),
    scoring: values.scoring,
    streakBonus: reader.number('streakBonus', values.streakBonus),
    pace: values.pace,
    pauseSeconds: values.pace === 'timed' ? reader.number('pauseSeconds', values.pauseSeconds) : undefined,
    moreTime: values.moreTime,
    lateWindowMs: reader.number('lateWindowMs', values.lateWindow, 1_000),
    opensAt: values.opensAt === '' ? undefined : reader.moment('opensAt', values.opensAt),
    questions: values.questions.map((question, i) => questionBody(reader, question, `questions[${i}]`)),
  });
  return { body, errors: reader.errors };
}

function questionBody(reader: Reader, question: QuestionValues, path: string): Record<string, unknown> {
  // `correct` names options by their ids, so that all of them need one.
  const options = withIds(question.options, letters);
  return present({
    id: question.id,
    text: cleanTexts(question.text),
    options: options.map(({ id, label }) => ({ id, label: cleanTexts(label) })),
    correct: options.filter((option) => option.correct).map((option) => option.id),
    maxChoices: reader.number(`${path}.maxChoices`, question.maxChoices),
    points: reader.number(`${path}.points`, question.points),
    seconds: reader.needed(`${path}.seconds`, question.seconds),
    explanation: optionalTexts(question.explanation),
  });
}
