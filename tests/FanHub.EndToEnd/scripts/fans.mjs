// Fans on the official JavaScript client of SignalR, without any library of ours: what somebody writes who has only read the wire protocol.
// node fans.mjs MODULE_DIR ADDRESSES COUNT CHANNEL   prints a line of JSON for each fan once it has seen the poll revealed, then ends.
import { createRequire } from 'node:module';

const [moduleDir, addressList, count, channel] = process.argv.slice(2);
const { HubConnectionBuilder, HttpTransportType, LogLevel } = createRequire(moduleDir + '/')('@microsoft/signalr');
const addresses = addressList.split(',');
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function fan(number) {
  let at = number;
  let token;
  let since;
  let connection;
  let voted = false;
  let finished;
  let early;
  const items = new Map();
  const offsets = [];
  const seen = { snapshots: 0, connects: 0 };
  const done = new Promise((resolve) => { finished = resolve; });

  function apply(update) {
    if (update.class === 'logged') {
      offsets.push(update.offset);
      since = { epoch: update.epoch, offset: update.offset };
    }
    const held = items.get(update.key);
    if (update.class === 'latest' && held && held.version >= update.version) return;
    if (update.data == null) items.delete(update.key);
    else items.set(update.key, update);
    check();
  }

  function check() {
    const poll = [...items.values()].find((i) => i.kind === 'poll');
    if (!poll) return;
    const tally = items.get('tally:' + poll.data.id);
    if (poll.data.state === 'open' && !voted) {
      voted = true;
      vote(poll.data.id, poll.data.options[number % poll.data.options.length].id);
    }
    if (poll.data.state === 'revealed' && tally?.data.final && result.receipt) finished();
  }

  const result = { number, fan: undefined, receipt: undefined, statuses: [], refusals: [] };

  async function call(method, argument) {
    for (let wait = 50; ; wait = Math.min(wait * 2, 1000)) {
      try {
        return await connection.invoke(method, argument);
      } catch (error) {
        if (/^(closed|already_voted|not_open|invalid)/.test(error.message)) throw error;
      }
      await sleep(wait * Math.random());
    }
  }

  async function vote(interaction, choice) {
    await sleep(Math.random() * 1500);
    const ballot = { interaction, choices: [choice], submission: `js-${number}` };
    const reply = await call('Vote', ballot);
    result.receipt = reply.receipt;
    result.statuses.push(reply.status);
    if (number % 2 === 0) {
      // The same submission again: the same receipt. Another one: refused.
      const again = await call('Vote', ballot);
      if (again.receipt !== reply.receipt || again.status !== 'repeated') result.refusals.push('resend: ' + JSON.stringify(again));
      try {
        await call('Vote', { ...ballot, submission: 'another' });
        result.refusals.push('a second ballot was taken');
      } catch (error) {
        if (!error.message.startsWith('already_voted:')) result.refusals.push('second: ' + error.message);
      }
    }
    check();
  }

  async function connect() {
    const address = addresses[at++ % addresses.length];
    if (!token) {
      const answer = await fetch(address + '/api/v1/fans/session', { method: 'POST' });
      ({ token, fan: result.fan } = await answer.json());
    }
    const next = new HubConnectionBuilder()
      .withUrl(address + '/hubs/live', { skipNegotiation: true, transport: HttpTransportType.WebSockets, accessTokenFactory: () => token })
      .configureLogging(LogLevel.None)
      .build();
    next.on('updates', (updates) => (early ? early.push(...updates) : updates.forEach(apply)));
    next.onclose(() => { if (!next.finished) reconnect(); });
    await next.start();
    connection = next;
    seen.connects++;
    // The client hands out what arrives together in one go: updates that follow the reply may be seen before it.
    early = [];
    const reply = await next.invoke('Follow', { channel, since });
    if (!reply.recovered) {
      seen.snapshots++;
      items.clear();
      // A snapshot holds items, not history: what was logged before it was not missed.
      reply.updates.forEach((u) => items.set(u.key, u));
      since = { epoch: reply.epoch, offset: reply.offset };
      check();
    } else {
      reply.updates.forEach(apply);
    }
    const waiting = early;
    early = undefined;
    waiting.forEach(apply);
  }

  async function reconnect() {
    for (let wait = 50; ; wait = Math.min(wait * 2, 2000)) {
      try {
        return await connect();
      } catch {
        await sleep(wait * Math.random());
      }
    }
  }

  await reconnect();
  console.log(JSON.stringify({ ready: number }));
  await done;
  const poll = [...items.values()].find((i) => i.kind === 'poll');
  connection.finished = true;
  await connection.stop();
  return { ...result, offsets, ...seen, state: poll.data.state, tally: items.get('tally:' + poll.data.id).data };
}

const limit = setTimeout(() => { console.log(JSON.stringify({ error: 'not finished in time' })); process.exit(1); }, 120_000);
await Promise.all(Array.from({ length: Number(count) }, async (_, i) => console.log(JSON.stringify({ result: await fan(i) }))));
clearTimeout(limit);
process.exit(0);
