import type { ChannelView } from '../src/channel-view.js';
import { createFanHub, type FanHub, type FanHubOptions } from '../src/hub.js';
import { FakeHost, FakeStore } from './fake-host.js';
import { FakeHub } from './fake-hub.js';

export interface Given {
  host: FakeHost;
  hub: FakeHub;
  store: FakeStore;
  fanHub: FanHub;
}

/** An SDK that talks to a played server. */
export async function given(options: Partial<FanHubOptions> = {}, before?: (given: Omit<Given, 'fanHub'>) => void): Promise<Given> {
  const parts = { host: new FakeHost(), hub: new FakeHub(), store: new FakeStore() };
  before?.(parts);
  const fanHub = createFanHub({ url: 'https://live.test/', storage: parts.store, host: parts.host, makeLink: parts.hub.makeLink, ...options });
  await parts.host.settle();
  return { ...parts, fanHub };
}

/** What a view holds, as key: data. */
export function held(view: ChannelView): Record<string, unknown> {
  return Object.fromEntries([...view.items].map(([key, update]) => [key, update.data]).sort());
}
