import type { Channel, ChannelState } from './channel.js';
import type { FanHubError } from './errors.js';
import type { Position, Update } from './wire.js';

/** A channel as it stands for this fan, for as long as the view is open. With a delay, it is as it was that long ago. */
export interface ChannelView {
  readonly channel: string;
  /** The items by key. The same map at every moment: read it again after a change. */
  readonly items: ReadonlyMap<string, Update>;
  /**
   * Keys of items that an update took away, since the last snapshot. An item that is missing without being named here may only not have
   * come yet: after a new epoch the snapshot arrives in parts.
   */
  readonly removed: ReadonlySet<string>;
  /** What was received, whether shown yet or not. Absent before the first reply. */
  readonly position: Readonly<Position> | undefined;
  readonly state: ChannelState;
  /** Why the server refuses the channel, while `state` is `refused`. */
  readonly error: FanHubError | undefined;
  /** Calls after the items or the state changed, once for all that came together. Returns what takes the listener away. */
  onChange(listener: () => void): () => void;
  /** Calls for updates that are kept nowhere, such as cheers going by. */
  onFleeting(listener: (update: Update) => void): () => void;
  /**
   * Calls for each update of an item as soon as it is received. With a delay that is before its time: not to be shown, but to ask in time for
   * what goes with it.
   */
  onReceived(listener: (update: Update) => void): () => void;
  /** Ends this view; the channel is followed until its last view is closed. */
  close(): void;
}

/** Opens a view. @param closed called once, when it is closed. */
export function viewOf(channel: Channel, closed: () => void): ChannelView {
  const listening = new Set<() => void>();
  const listen = (stop: () => void): (() => void) => {
    listening.add(stop);
    return () => {
      listening.delete(stop);
      stop();
    };
  };
  let open = true;
  return {
    channel: channel.name,
    items: channel.shown.items,
    removed: channel.shown.removed,
    get position() {
      return channel.map.position;
    },
    get state() {
      return channel.state;
    },
    get error() {
      return channel.error;
    },
    onChange: (listener) => listen(channel.changed.on(listener)),
    onFleeting: (listener) => listen(channel.fleeting.on(listener)),
    onReceived: (listener) => listen(channel.map.taken.on(listener)),
    close: () => {
      if (!open) return;
      open = false;
      for (const stop of listening) stop();
      closed();
    },
  };
}
