import { element } from '../../fan/src/dom.js';
import type { Formats } from '../../fan/src/format.js';
import type { CertifiedResult } from './types.js';
import type { Words } from './words.js';

/** What was found in a sealed box, and the digest by which anybody can check it. */
export function certifiedFacts(result: CertifiedResult, words: Words, formats: Formats): HTMLElement {
  const facts: [string, string | HTMLElement][] = [
    [words('ballots'), formats.count(result.ballots)],
    [words('changed'), formats.count(result.changed)],
    [words('repeated'), formats.count(result.repeated)],
    [words('late'), formats.count(result.late)],
    [words('refusedCount'), formats.count(result.refused)],
    [words('certifiedAt'), formats.moment(Date.parse(result.certifiedAt))],
    [words('digest'), element('code', { 'data-digest': '' }, result.digest)],
  ];
  const list = element('dl', {}, ...facts.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))));
  const mismatch = result.mismatch === undefined ? [] : [element('p', { class: 'problem' }, words('mismatch'))];
  return element('div', { 'data-certified': '' }, ...mismatch, list);
}
