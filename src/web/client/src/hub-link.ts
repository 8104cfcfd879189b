import { HttpTransportType, HubConnectionBuilder, LogLevel, type HubConnection } from '@microsoft/signalr';

/** The part of a SignalR connection that the SDK uses. One object lives for one connection: reconnecting makes another. */
export type HubLink = Pick<HubConnection, 'start' | 'stop' | 'invoke' | 'send' | 'on' | 'onclose'>;

/** Makes a link that is not started yet. */
export type LinkFactory = (url: string, token: string) => HubLink;

/** WebSockets at once, without the round trip that negotiates them. Silent, because its log lines would hold the token. */
export const signalrLink: LinkFactory = (url, token) =>
  new HubConnectionBuilder()
    .withUrl(url, { transport: HttpTransportType.WebSockets, skipNegotiation: true, accessTokenFactory: () => token })
    .configureLogging(LogLevel.None)
    .build();
