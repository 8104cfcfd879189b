export type { Patience } from './ballots.js';
export type { ChannelState } from './channel.js';
export { FanHubError, type ClientErrorCode } from './errors.js';
export type { Host, KeyValueStore } from './host.js';
export { createFanHub, FanHub, type ChannelView, type FanHubOptions, type Status } from './hub.js';
export type { HubLink, LinkFactory } from './hub-link.js';
export type * from './result-items.js';
export type * from './wire.js';
