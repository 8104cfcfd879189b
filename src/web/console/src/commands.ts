import type { Item, Prediction, Question, Quiz } from './types.js';

export type CommandName = 'open' | 'close' | 'reveal' | 'lock' | 'settle' | 'void' | 'start' | 'next' | 'finish' | 'publish' | 'cancel' | 'revoke';

/** A step that an item can take next. */
export interface Command {
  readonly name: CommandName;
  /** Fans lose something by it, or cannot be told otherwise later: it is asked for twice. */
  readonly grave: boolean;
  /** Whether it is the step that usually comes next. */
  readonly usual: boolean;
}

const usual = (name: CommandName): Command => ({ name, grave: false, usual: true });
const other = (name: CommandName): Command => ({ name, grave: false, usual: false });
const grave = (name: CommandName): Command => ({ name, grave: true, usual: false });
const never: readonly Command[] = [];

/** What can be done with an item in its state, the usual step first. The server decides; this only spares editors what it would refuse. */
export function commandsFor(item: Item): readonly Command[] {
  switch (item.kind) {
    case 'poll':
      return ofPoll(item.state, wasShown(item));
    case 'prediction':
      return ofPrediction(item);
    case 'quiz':
      return ofQuiz(item);
    case 'announcement':
      return ofAnnouncement(item.state);
  }
}

/** Whether what an item says can still be changed. */
export function canEdit(item: Item): boolean {
  return item.state === 'draft' || item.state === 'scheduled';
}

/** The question that a quiz is at; undefined before it starts. */
export function currentQuestion(quiz: Quiz): Question | undefined {
  return quiz.current === undefined ? undefined : quiz.questions[quiz.current - 1];
}

function ofPoll(state: string, shown: boolean): readonly Command[] {
  switch (state) {
    case 'draft':
    case 'scheduled':
      return [usual('open'), grave('cancel')];
    case 'open':
      return [usual('close'), grave('cancel'), grave('revoke')];
    case 'closed':
      return [usual('reveal'), grave('cancel'), grave('revoke')];
    case 'revealed':
      return [grave('revoke')];
    case 'cancelled':
      return shown ? [grave('revoke')] : never;
    default:
      return never;
  }
}

function ofPrediction(prediction: Prediction): readonly Command[] {
  switch (prediction.state) {
    case 'open':
      return [usual('lock'), grave('cancel'), grave('revoke')];
    case 'closed':
      return [usual('settle'), grave('void'), grave('cancel'), grave('revoke')];
    case 'settled':
      return [grave('settle'), grave('void'), grave('revoke')];
    case 'void':
      return [grave('settle'), grave('revoke')];
    default:
      return ofPoll(prediction.state, wasShown(prediction));
  }
}

function ofQuiz(quiz: Quiz): readonly Command[] {
  if (quiz.state === 'draft' || quiz.state === 'scheduled') return [usual('start'), grave('cancel')];
  if (quiz.state === 'finished') return [grave('revoke')];
  if (quiz.state === 'cancelled') return wasShown(quiz) ? [grave('revoke')] : never;
  if (quiz.state !== 'running') return never;

  const isLast = quiz.current !== undefined && quiz.current >= quiz.questions.length;
  const question = currentQuestion(quiz);
  const over = isLast && question?.state === 'revealed';
  const steps: Command[] = [];
  if (question?.state === 'open') steps.push(usual('close'), other('reveal'));
  if (question?.state === 'closed') steps.push(usual('reveal'));
  if (!isLast) steps.push(steps.length === 0 ? usual('next') : other('next'));
  // Questions that nobody was asked yet are lost by it.
  steps.push(over ? usual('finish') : grave('finish'));
  return [...steps, grave('cancel'), grave('revoke')];
}

function ofAnnouncement(state: string): readonly Command[] {
  if (state === 'draft' || state === 'scheduled') return [usual('publish'), grave('cancel')];
  return state === 'published' ? [grave('revoke')] : never;
}

/** Whether fans saw it before it was called off. It is not told outright: the moment of opening lies before the last change then. */
function wasShown(item: Item): boolean {
  return item.opensAt !== undefined && Date.parse(item.opensAt) <= Date.parse(item.updatedAt);
}
