// One fan on the official JavaScript client of SignalR, over the transport asked for. Follows a channel, and prints a line of JSON for whatever happens to it, until it is ended.
// node connect.mjs MODULE_DIR ADDRESS TOKEN CHANNEL TRANSPORT NEGOTIATE     TRANSPORT: WebSockets, ServerSentEvents, LongPolling; NEGOTIATE: true, false
import { createRequire } from 'node:module';

const [moduleDir, address, token, channel, transport, negotiate] = process.argv.slice(2);
const { HubConnectionBuilder, HttpTransportType, LogLevel } = createRequire(moduleDir + '/')('@microsoft/signalr');

const connection = new HubConnectionBuilder()
  .withUrl(address + '/hubs/live', { transport: HttpTransportType[transport], skipNegotiation: negotiate === 'false', accessTokenFactory: () => token })
  .withAutomaticReconnect(Array.from({ length: 200 }, () => 100))
  .configureLogging(LogLevel.None)
  .build();

const say = (event, more) => console.log(JSON.stringify({ event, ...more }));

async function follow() {
  const reply = await connection.invoke('Follow', { channel });
  return { following: reply.channel, now: await connection.invoke('Now') };
}

connection.on('updates', (updates) => updates.forEach((update) => say('update', { key: update.key })));
connection.on('notice', (notice) => say('notice', { code: notice.code }));
connection.onreconnecting(() => say('reconnecting'));
connection.onreconnected(async () => say('reconnected', await follow()));
connection.onclose((error) => say('closed', { error: error?.message }));

await connection.start();
say('connected', await follow());
