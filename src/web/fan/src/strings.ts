import { playEn, playFr } from './play-strings.js';
import { quizEn, quizFr } from './quiz-strings.js';
import { resultsEn, resultsFr } from './result-strings.js';
import { youEn, youFr } from './you-strings.js';

const en = {
  ...resultsEn,
  ...quizEn,
  ...playEn,
  ...youEn,
  title: 'Live',
  live: 'Live',
  connecting: 'Catching up…',
  stale: 'Catching up…',
  offline: 'Offline, trying again…',
  loading: 'Loading…',
  empty: 'Nothing here yet. Questions and results appear by themselves.',
  open: 'Open',
  closed: 'Closed',
  revealed: 'Result',
  cancelled: 'Cancelled',
  closesIn: 'closes in {time}',
  closesAt: 'closes {time}',
  closing: 'closing…',
  closedNote: 'Voting is over. The result is on its way.',
  revealedNote: 'Voting is over. This is the result.',
  cancelledNote: 'This poll was called off. Votes in it do not count.',
  chooseOne: 'Choose one.',
  chooseSome: 'Choose up to {n}.',
  afterVote: 'You see the count once you have voted.',
  afterClose: 'The count is shown when voting is over.',
  never: 'The count is not shown.',
  vote: 'Vote',
  change: 'Change my vote',
  voted: 'You have voted.',
  sending: 'Sending your vote…',
  waiting: 'You are offline. Your vote goes out as soon as you are connected again.',
  accepted: 'Your vote is counted.',
  changed: 'Your vote is changed.',
  sameVote: 'That is your vote already.',
  pickFirst: 'Choose an answer first.',
  yourVote: 'your vote',
  mostVotes: 'most votes',
  ballotsOne: '{n} vote',
  ballotsMany: '{n} votes',
  ofVotes: 'Percentages are of votes; one vote may name several answers.',
  newPoll: 'New poll: {title}',
  nowClosed: 'Voting is over: {title}',
  nowRevealed: 'Result: {title}',
  nowCancelled: 'Called off: {title}',
  askChannel: 'Which channel do you want to follow?',
  channelLabel: 'Channel',
  channelHint: 'The name that your event gave you, for example demo.',
  follow: 'Follow',
  noChannel: 'There is no channel “{name}”. Check the name and try again.',
  refused: 'This channel cannot be shown. {text}',
  error_not_open: 'This poll is not open yet. Try again when it opens.',
  error_closed: 'Voting is over, so your vote could not be counted.',
  error_already_voted: 'Your vote was counted before and cannot be changed.',
  error_too_many_choices: 'You chose too many answers. Take some away and try again.',
  error_unknown_choice: 'The options have changed. Choose again.',
  error_not_found: 'This is no longer there.',
  error_rate_limited: 'That was a little fast. Wait a moment and try again.',
  error_timeout: 'The server did not answer. Check your connection and try again: it counts only once.',
  error_other: 'That could not be counted. Please try again.',
};

const fr: typeof en = {
  ...resultsFr,
  ...quizFr,
  ...playFr,
  ...youFr,
  title: 'En direct',
  live: 'En direct',
  connecting: 'Mise à jour…',
  stale: 'Mise à jour…',
  offline: 'Hors ligne, nouvel essai…',
  loading: 'Chargement…',
  empty: 'Encore rien ici. Questions et résultats apparaissent d’eux-mêmes.',
  open: 'Ouvert',
  closed: 'Fermé',
  revealed: 'Résultat',
  cancelled: 'Annulé',
  closesIn: 'ferme dans {time}',
  closesAt: 'ferme {time}',
  closing: 'fermeture…',
  closedNote: 'Le vote est terminé. Le résultat arrive.',
  revealedNote: 'Le vote est terminé. Voici le résultat.',
  cancelledNote: 'Ce sondage est annulé. Les votes ne comptent pas.',
  chooseOne: 'Une seule réponse.',
  chooseSome: 'Jusqu’à {n} réponses.',
  afterVote: 'Vous verrez le décompte après avoir voté.',
  afterClose: 'Le décompte s’affiche à la fin du vote.',
  never: 'Le décompte n’est pas affiché.',
  vote: 'Voter',
  change: 'Changer mon vote',
  voted: 'Vous avez voté.',
  sending: 'Envoi de votre vote…',
  waiting: 'Vous êtes hors ligne. Votre vote partira dès que la connexion revient.',
  accepted: 'Votre vote est compté.',
  changed: 'Votre vote est modifié.',
  sameVote: 'C’est déjà votre vote.',
  pickFirst: 'Choisissez d’abord une réponse.',
  yourVote: 'votre vote',
  mostVotes: 'le plus de votes',
  ballotsOne: '{n} vote',
  ballotsMany: '{n} votes',
  ofVotes: 'Pourcentages des votes ; un vote peut nommer plusieurs réponses.',
  newPoll: 'Nouveau sondage : {title}',
  nowClosed: 'Vote terminé : {title}',
  nowRevealed: 'Résultat : {title}',
  nowCancelled: 'Annulé : {title}',
  askChannel: 'Quel canal voulez-vous suivre ?',
  channelLabel: 'Canal',
  channelHint: 'Le nom donné par votre événement, par exemple demo.',
  follow: 'Suivre',
  noChannel: 'Le canal « {name} » n’existe pas. Vérifiez le nom et réessayez.',
  refused: 'Ce canal ne peut pas être affiché. {text}',
  error_not_open: 'Ce sondage n’est pas encore ouvert. Réessayez à l’ouverture.',
  error_closed: 'Le vote est terminé : votre vote n’a pas pu être compté.',
  error_already_voted: 'Votre vote a déjà été compté et ne peut plus changer.',
  error_too_many_choices: 'Trop de réponses choisies. Retirez-en et réessayez.',
  error_unknown_choice: 'Les options ont changé. Choisissez à nouveau.',
  error_not_found: 'Ceci n’est plus là.',
  error_rate_limited: 'C’était un peu rapide. Attendez un instant et réessayez.',
  error_timeout: 'Le serveur n’a pas répondu. Vérifiez votre connexion et réessayez : cela ne compte qu’une fois.',
  error_other: 'Cela n’a pas pu être compté. Réessayez.',
};

const tables: Record<string, typeof en> = { en, fr };

/** The languages that the page itself speaks. What it shows may be in any other. */
export const pageLanguages = [
  { tag: 'en', name: 'English' },
  { tag: 'fr', name: 'Français' },
] as const;

export type StringKey = keyof typeof en;

/** The page's own words in one language. */
export interface Words {
  /** The language they are in. */
  readonly lang: string;
  /** A text with its `{blanks}` filled in. */
  (key: StringKey, blanks?: Record<string, string>): string;
}

/** Words in the first of the wanted languages that there is a table for, else in English. */
export function wordsFor(wanted: readonly string[]): Words {
  const lang = wanted.map((tag) => tag.split('-')[0]!.toLowerCase()).find((tag) => Object.hasOwn(tables, tag)) ?? 'en';
  const table = tables[lang]!;
  const say = (key: StringKey, blanks: Record<string, string> = {}): string => typeset(lang, table[key]).replace(/\{(\w+)\}/g, (blank, name: string) => blanks[name] ?? blank);
  return Object.assign(say, { lang });
}

/** French puts a space before its high signs that no line may break at. */
function typeset(lang: string, text: string): string {
  return lang === 'fr' ? text.replace(/ (?=[:;!?»])|(?<=«) /g, '\u00a0') : text;
}

/** What a code means, as in `status_official`; one that the page does not know is shown as it came. */
export function codeWords(words: Words, kind: 'status' | 'unit' | 'mark' | 'reaction', code: string): string {
  const key = `${kind}_${code.toLowerCase()}`;
  return Object.hasOwn(en, key) ? words(key as StringKey) : code.replaceAll('_', ' ');
}

/** What to tell a fan whose ballot failed, by the failure's code; of a quiz or a prediction in its own words where it has some. */
export function voteFailure(words: Words, code: string, of?: 'question' | 'prediction'): string {
  const found = [`error_${of}_${code}`, `error_${code}`].find((key) => Object.hasOwn(en, key));
  return words((found as StringKey | undefined) ?? 'error_other');
}
