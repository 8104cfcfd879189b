import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FollowReply, FollowRequest, Update } from '../src/wire.js';
import { dice } from './dice.js';
import { latest, logged } from './fake-hub.js';
import { given, held, type Given } from './given.js';

const keys = ['poll:a', 'poll:b', 'poll:c'];
const counts = ['tally:a', 'tally:b'];

/** A channel as the server has it: simple, and right by construction. */
class ModelChannel {
  epoch = 'e1';
  log: Update[] = [];
  items = new Map<string, Update>();
  #epochs = 1;
  #version = 0;

  /** @param clock Unix ms: what is appended becomes true now. */
  constructor(private readonly clock: () => number) {}

  append(key: string, data: unknown): Update {
    const update = this.#now(logged(this.log.length + 1, key, data, this.epoch));
    this.log.push(update);
    this.#put(update);
    return update;
  }

  count(key: string, data: unknown): Update {
    const update = this.#now(latest(++this.#version, key, data, this.epoch, this.log.length));
    this.#put(update);
    return update;
  }

  /** A new life: what there is gets new offsets and versions that start again. */
  restart(): void {
    const before = [...this.items.values()];
    this.epoch = `e${++this.#epochs}`;
    this.log = [];
    this.#version = 0;
    this.items.clear();
    for (const item of before) {
      if (item.data === undefined) continue;
      if (item.class === 'logged') this.append(item.key, item.data);
      else this.count(item.key, item.data);
    }
  }

  follow(request: FollowRequest, keeps: number): FollowReply {
    const { epoch, log } = this;
    const since = request.since;
    const recovered = since?.epoch === epoch && since.offset >= log.length - keeps;
    const latestOnes = [...this.items.values()].filter((item) => item.class === 'latest');
    const updates = recovered ? [...log.slice(since.offset), ...latestOnes] : this.present();
    return { channel: 'demo', epoch, offset: log.length, recovered, updates };
  }

  present(): Update[] {
    return [...this.items.values()].filter((item) => item.data !== undefined);
  }

  data(): Record<string, unknown> {
    return Object.fromEntries(this.present().map((item) => [item.key, item.data]).sort());
  }

  #now(update: Update): Update {
    return { ...update, at: new Date(this.clock()).toISOString() };
  }

  #put(update: Update): void {
    this.items.set(update.key, update);
  }
}

interface Played {
  seen: Record<string, unknown>;
  truth: Record<string, unknown>;
  offset: number;
  truthOffset: number;
  follows: number;
  /** How much earlier than its time something was shown, at most. */
  tooEarlyMs: number;
}

async function play(seed: number, delayMs: number): Promise<Played> {
  const roll = dice(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(roll() * from.length)]!;
  const played: Given = await given({ delayMs }, ({ host, hub }) => {
    host.chance = roll;
    hub.answers['Now'] = () => host.time;
  });
  const { fanHub, host, hub } = played;
  const model = new ModelChannel(() => host.time);
  hub.answers['Follow'] = async (request: FollowRequest) => {
    if (roll() < 0.1) throw new Error('unavailable: try again');
    if (roll() < 0.3) await new Promise<void>((resolve) => host.after(roll() * 300, resolve));
    return model.follow(request, 12);
  };
  const view = fanHub.follow('demo');
  let tooEarlyMs = 0;
  view.onChange(() => {
    for (const { at } of view.items.values()) tooEarlyMs = Math.max(tooEarlyMs, Date.parse(at) + delayMs - host.time);
  });
  await host.settle();

  const steps: [number, () => void | Promise<void>][] = [
    [30, () => hub.link.updates(model.append(pick(keys), roll() < 0.2 ? undefined : roll()))],
    [25, () => hub.link.updates(model.count(pick(counts), roll() < 0.1 ? undefined : roll()))],
    // Lost on the way, as a faulty node would: nothing may stay wrong.
    [5, () => void model.append(pick(keys), roll())],
    [8, () => hub.link.updates(...model.log.slice(-3), ...model.items.values())],
    [4, () => hub.link.drop()],
    [2, () => {
      model.restart();
      hub.link.notice({ code: 'resync', channel: 'demo', epoch: model.epoch, offset: model.log.length });
      hub.link.updates(...model.present().sort(() => roll() - 0.5));
    }],
    [1, () => model.restart()],
    [2, () => fanHub.setLocale(pick(['en', 'fr']))],
    [20, () => host.pass(roll() * 400)],
    [3, () => host.pass(roll() * 30_000)],
  ];
  const total = steps.reduce((sum, [weight]) => sum + weight, 0);
  for (let i = 0; i < 150; i++) {
    let at = roll() * total;
    await steps.find(([weight]) => (at -= weight) < 0)![1]();
  }

  // The next update of each kind shows what is missing; then there is time to mend it.
  await host.pass(60_000);
  hub.link.updates(model.append('poll:a', 'last'), ...counts.map((key) => model.count(key, roll())));
  await host.pass(120_000);
  return { seen: held(view), truth: model.data(), offset: view.position!.offset, truthOffset: model.log.length, follows: hub.follows().length, tooEarlyMs };
}

for (const delayMs of [0, 20_000]) {
  test(`Whatever is lost, doubled, restarted or reconnected, the view ends as the channel is, and shows nothing too early, with a delay of ${delayMs} ms`, async () => {
    const first = Number(process.env['SEED'] ?? 1);
    const rounds = Number(process.env['ROUNDS'] ?? 60);
    for (let seed = first; seed < first + rounds; seed++) {
      const { seen, truth, offset, truthOffset, tooEarlyMs } = await play(seed, delayMs);
      assert.deepEqual(seen, truth, `seed ${seed}`);
      assert.equal(offset, truthOffset, `seed ${seed}`);
      assert.ok(tooEarlyMs <= 0, `seed ${seed}: ${tooEarlyMs} ms too early`);
    }
  });
}
