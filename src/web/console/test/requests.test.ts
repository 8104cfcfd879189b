import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Api } from '../src/api.js';
import { Desk } from '../src/desk.js';
import { ApiFailure, remedyFor } from '../src/failures.js';
import { EditorKey } from '../src/key.js';
import { poll } from './given.js';

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
}

type Answer = Response | Error;

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Response => Response.json(body, { status, headers });

/** A desk whose server answers what it is told to, and the requests that it got. */
function desk(answers: Answer[], askForKey: (key: EditorKey) => boolean = () => false): { desk: Desk; sent: Sent[]; reached: boolean[] } {
  const [sent, reached]: [Sent[], boolean[]] = [[], []];
  const key = new EditorKey(undefined);
  key.set('k1');
  const fetchNow = (async (address: URL, init: RequestInit): Promise<Response> => {
    sent.push({ method: init.method!, path: address.pathname + address.search, headers: init.headers as Record<string, string>, body: init.body as string | undefined });
    const answer = answers.shift() ?? new Error('no more answers');
    if (answer instanceof Error) throw answer;
    return answer;
  }) as typeof fetch;
  const api = new Api('https://hub.example/api/v1/admin/', key, async () => askForKey(key), (on) => reached.push(on), fetchNow);
  return { desk: new Desk(api), sent, reached };
}

test('a step goes out under the version that was shown, and each step under a key of its own', async () => {
  const { desk: it, sent } = desk([json(200, poll({ version: 4, state: 'open' })), json(200, poll({ version: 5, state: 'closed' }))]);
  const open = await it.tell(poll(), 'open');
  await it.tell(open, 'close');
  assert.deepEqual(sent.map(({ method, path, headers }) => [method, path, headers['If-Match']]), [
    ['POST', '/api/v1/admin/polls/p1/open', '"3"'],
    ['POST', '/api/v1/admin/polls/p1/close', '"4"'],
  ]);
  assert.notEqual(sent[0]!.headers['Idempotency-Key'], sent[1]!.headers['Idempotency-Key']);
  assert.equal(sent[0]!.headers['Authorization'], 'Bearer k1');
});

test('a request whose answer was lost is sent again under its key, and only that one', async () => {
  const { desk: it, sent, reached } = desk([new TypeError('network'), json(503, { code: 'unavailable' }), json(201, poll()), json(201, poll({ id: 'p2' }))]);
  const body = { title: { en: 'Q' } };
  await assert.rejects(it.create('poll', body), (failure) => remedyFor(failure) === 'again');
  await assert.rejects(it.create('poll', body), (failure) => remedyFor(failure) === 'again');
  await it.create('poll', body);
  await it.create('poll', body);
  const keys = sent.map((request) => request.headers['Idempotency-Key']);
  assert.equal(new Set(keys.slice(0, 3)).size, 1, 'the same until it is known what became of it');
  assert.notEqual(keys[3], keys[0], 'then another one');
  assert.deepEqual(reached, [false, true, true, true]);
});

test('a text that was changed meanwhile is another request', async () => {
  const { desk: it, sent } = desk([new TypeError('network'), json(201, poll())]);
  await assert.rejects(it.create('poll', { title: { en: 'Q' } }));
  await it.create('poll', { title: { en: 'Better' } });
  assert.notEqual(sent[0]!.headers['Idempotency-Key'], sent[1]!.headers['Idempotency-Key']);
});

test('a refused request is over: its key is not used again', async () => {
  const { desk: it, sent } = desk([json(412, { code: 'precondition_failed', detail: 'It has changed.' }), json(200, poll({ version: 4 }))]);
  await assert.rejects(it.tell(poll(), 'open'), (failure) => remedyFor(failure) === 'overtaken');
  await it.tell(poll(), 'open');
  assert.notEqual(sent[0]!.headers['Idempotency-Key'], sent[1]!.headers['Idempotency-Key']);
});

test('a key that is good no longer is asked for, and the request goes on as it was', async () => {
  const asked: string[] = [];
  const { desk: it, sent } = desk([json(401, { code: 'unauthorized' }), json(200, poll({ version: 4 }))], (key) => {
    asked.push('asked');
    key.set('k2');
    return true;
  });
  await it.tell(poll(), 'open');
  assert.deepEqual(asked, ['asked']);
  assert.deepEqual(sent.map((request) => request.headers['Authorization']), ['Bearer k1', 'Bearer k2']);
  assert.equal(sent[0]!.headers['Idempotency-Key'], sent[1]!.headers['Idempotency-Key']);
});

test('whoever would rather not sign in again is told that nobody is signed in', async () => {
  const { desk: it } = desk([json(401, { code: 'unauthorized' })]);
  await assert.rejects(it.tell(poll(), 'open'), (failure: ApiFailure) => failure.code === 'unauthorized' && remedyFor(failure) === 'refused');
});

test('the token of the own fan goes with a settlement', async () => {
  const { desk: it, sent } = desk([json(200, poll())]);
  await it.tell(poll(), 'settle', { correct: ['a'] }, 'fan-token');
  assert.equal(sent[0]!.headers['X-Fan-Token'], 'fan-token');
  assert.equal(sent[0]!.body, '{"correct":["a"]}');
});

test('what to do about a failure is told by its code and status', () => {
  const failure = (status: number, code: string, errors: Record<string, string[]> = {}, wait?: number): ApiFailure => new ApiFailure(status, code, '', errors, wait);
  assert.equal(remedyFor(failure(0, 'offline')), 'again');
  assert.equal(remedyFor(failure(500, 'internal')), 'again');
  assert.equal(remedyFor(failure(429, 'rate_limited')), 'again');
  assert.equal(remedyFor(failure(409, 'conflict', {}, 1_000)), 'again', 'the same request is still being carried out');
  assert.equal(remedyFor(failure(409, 'conflict', {}, 0)), 'overtaken', 'somebody changed it at the same moment');
  assert.equal(remedyFor(failure(409, 'conflict')), 'overtaken');
  assert.equal(remedyFor(failure(400, 'invalid', { title: ['is empty'] })), 'fields');
  assert.equal(remedyFor(failure(403, 'forbidden')), 'refused');
});

test('an answer of a balancer, which is no problem details, is understood by its status', async () => {
  const { desk: it } = desk([new Response('<html>', { status: 502 }), new Response('{"title":"busy"}', { status: 409, headers: { 'Retry-After': '1' } })]);
  await assert.rejects(it.get('poll', 'p1'), (failure: ApiFailure) => failure.code === 'unavailable' && remedyFor(failure) === 'again');
  await assert.rejects(it.get('poll', 'p1'), (failure: ApiFailure) => failure.retryAfterMs === 1_000);
});
