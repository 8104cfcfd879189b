import { cleanTexts, optionValues, present, Reader, shownNumber, type Errors, type OptionValues } from './body-parts.js';
import { toLocal } from './moments.js';
import type { Poll, Prediction, Texts } from './types.js';

/** How a poll ends: when an editor says so, some time after it opened, or at a moment. */
export type Ending = 'hand' | 'seconds' | 'moment';

/** A poll as its form has it. */
export interface PollValues {
  title: Texts;
  options: OptionValues[];
  maxChoices: string;
  changeable: boolean;
  visibility: string;
  /** On the device's clock; empty: by hand. */
  opensAt: string;
  ending: Ending;
  seconds: string;
  closesAt: string;
  /** In seconds. */
  lateWindow: string;
}

/** A prediction has what a poll has, and what it is worth. */
export interface PredictionValues extends PollValues {
  points: string;
  unit: string;
}

export function newPoll(): PollValues {
  return { title: {}, options: [{ label: {} }, { label: {} }], maxChoices: '', changeable: false, visibility: 'live', opensAt: '', ending: 'hand', seconds: '', closesAt: '', lateWindow: '' };
}

export function newPrediction(): PredictionValues {
  return { ...newPoll(), visibility: 'after_close', changeable: true, points: '', unit: '' };
}

export function pollValues(poll: Poll | Prediction): PollValues {
  return {
    title: poll.title,
    options: optionValues(poll.options),
    maxChoices: shownNumber(poll.maxChoices, 1, 1),
    changeable: poll.changeable,
    visibility: poll.visibility,
    opensAt: toLocal(poll.opensAt),
    ending: poll.seconds !== undefined ? 'seconds' : poll.closesAt !== undefined ? 'moment' : 'hand',
    seconds: shownNumber(poll.seconds),
    closesAt: poll.seconds === undefined ? toLocal(poll.closesAt) : '',
    lateWindow: shownNumber(poll.lateWindowMs, 1_000, 0),
  };
}

export function predictionValues(prediction: Prediction): PredictionValues {
  return { ...pollValues(prediction), points: shownNumber(prediction.points, 1, 100), unit: prediction.unit ?? '' };
}

/** What to send, and what is wrong with it already. */
export function pollBody(values: PollValues): { body: Record<string, unknown>; errors: Errors } {
  const reader = new Reader();
  const body = present({
    title: cleanTexts(values.title),
    options: values.options.map(({ id, label }) => present({ id, label: cleanTexts(label) })),
    maxChoices: reader.number('maxChoices', values.maxChoices),
    changeable: values.changeable,
    visibility: values.visibility,
    opensAt: values.opensAt === '' ? undefined : reader.moment('opensAt', values.opensAt),
    closesAt: values.ending === 'moment' ? reader.moment('closesAt', values.closesAt) : undefined,
    seconds: values.ending === 'seconds' ? reader.needed('seconds', values.seconds) : undefined,
    lateWindowMs: reader.number('lateWindowMs', values.lateWindow, 1_000),
  });
  return { body, errors: reader.errors };
}

export function predictionBody(values: PredictionValues): { body: Record<string, unknown>; errors: Errors } {
  const { body, errors } = pollBody(values);
  const reader = new Reader();
  const points = reader.number('points', values.points);
  const unit = values.unit.trim() === '' ? undefined : values.unit.trim();
  return { body: present({ ...body, points, unit }), errors: { ...errors, ...reader.errors } };
}
