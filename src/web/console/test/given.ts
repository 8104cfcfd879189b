import type { Announcement, Poll, Prediction, Question, Quiz } from '../src/types.js';

const made = { channel: 'gala', version: 3, createdAt: '2026-07-31T18:00:00Z', updatedAt: '2026-07-31T18:05:00Z' };

/** An item as the API tells it, but for what a test is about. */
export function poll(change: Partial<Poll> = {}): Poll {
  const options = [
    { id: 'a', label: { en: 'Ana', fr: 'Ana' } },
    { id: 'b', label: { en: 'Bea' } },
  ];
  return { ...made, kind: 'poll', id: 'p1', state: 'draft', title: { en: 'Who wins?', fr: 'Qui gagne ?' }, options, maxChoices: 1, changeable: false, visibility: 'live', lateWindowMs: 0, ...change };
}

export function prediction(change: Partial<Prediction> = {}): Prediction {
  return { ...poll(), kind: 'prediction', points: 100, settlements: [], ...change };
}

export function question(change: Partial<Question> = {}): Question {
  const options = [
    { id: 'a', label: { en: '1928' } },
    { id: 'b', label: { en: '1948' } },
  ];
  return { id: 'q1', text: { en: 'When?' }, options, correct: ['a'], maxChoices: 1, points: 1_000, seconds: 20, state: 'pending', ...change };
}

export function quiz(change: Partial<Quiz> = {}): Quiz {
  const settings = { scoring: 'speed', streakBonus: 0, pace: 'manual', pauseSeconds: 5, moreTime: true, lateWindowMs: 0 };
  return { ...made, ...settings, kind: 'quiz', id: 'z1', state: 'draft', title: { en: 'Quiz' }, questions: [question(), question({ id: 'q2' })], ...change };
}

export function announcement(change: Partial<Announcement> = {}): Announcement {
  return { ...made, kind: 'announcement', id: 'n1', state: 'draft', title: { en: 'Record!' }, severity: 'info', ...change };
}
