import type { StringKey } from './strings.js';

/** What one kind of ballot is called on its way. */
export interface BallotTexts {
  readonly of?: 'question' | 'prediction';
  /** On the button, for the first ballot and for a change. */
  readonly cast: StringKey;
  readonly change: StringKey;
  readonly sending: StringKey;
  readonly waiting: StringKey;
  readonly accepted: StringKey;
  readonly changed: StringKey;
  readonly same: StringKey;
  /** While the ballot is in and cannot be changed. */
  readonly done: StringKey;
  /** Of the option chosen. */
  readonly own: StringKey;
  /** Of the option that turned out to be right. */
  readonly correct: StringKey;
  readonly one: StringKey;
  readonly many: StringKey;
  /** What percentages are of, where a ballot may name several. */
  readonly shares: StringKey;
}

export const voteTexts: BallotTexts = {
  cast: 'vote',
  change: 'change',
  sending: 'sending',
  waiting: 'waiting',
  accepted: 'accepted',
  changed: 'changed',
  same: 'sameVote',
  done: 'voted',
  own: 'yourVote',
  correct: 'cameTrue',
  one: 'ballotsOne',
  many: 'ballotsMany',
  shares: 'ofVotes',
};

export const predictionTexts: BallotTexts = {
  of: 'prediction',
  cast: 'predict',
  change: 'changePrediction',
  sending: 'predictionSending',
  waiting: 'predictionWaiting',
  accepted: 'predicted',
  changed: 'predictionChanged',
  same: 'samePrediction',
  done: 'predicted',
  own: 'yourPrediction',
  correct: 'cameTrue',
  one: 'predictionsOne',
  many: 'predictionsMany',
  shares: 'ofPredictions',
};

/** An answer is never said to be right before it is revealed. */
export const answerTexts: BallotTexts = {
  of: 'question',
  cast: 'answer',
  change: 'answer',
  sending: 'answerSending',
  waiting: 'answerWaiting',
  accepted: 'answered',
  changed: 'answered',
  same: 'answered',
  done: 'answered',
  own: 'yourAnswer',
  correct: 'correctAnswer',
  one: 'answersOne',
  many: 'answersMany',
  shares: 'ofAnswers',
};
