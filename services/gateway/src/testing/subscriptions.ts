import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { eventually } from '#libs/testing';
import { LOCAL_ACCOUNT } from '../identity.js';
import { type GatewayUnderTest } from './gateway-under-test.js';

/** What a subscription has been told so far; of an error its first message. */
export interface Told {
  readonly data: Record<string, never>[];
  error?: string;
  stop(): void;
}

/** Subscribers to a gateway, until all of them hang up. */
export function subscribersOf(gateway: () => GatewayUnderTest) {
  const clients: Client[] = [];
  const address = () => `${gateway().address.replace('http', 'ws')}/graphql`;
  const client = () => {
    const made = createClient({ url: address(), webSocketImpl: WebSocket, retryAttempts: 0 });
    clients.push(made);
    return made;
  };
  const subscribe = (query: string, variables?: Record<string, unknown>, by = client()): Told => {
    const told: Told = { data: [], stop: () => undefined };
    const stop = by.subscribe<Record<string, never>>(
      { query, variables },
      {
        next: ({ data, errors }) => {
          if (data) told.data.push(data);
          if (errors) told.error = errors[0]?.message;
        },
        error: (error) => {
          told.error = Array.isArray(error) ? error[0].message : String(error);
        },
        complete: () => undefined,
      },
    );
    return Object.assign(told, { stop });
  };
  return {
    address,
    client,
    subscribe,
    notice: (readModel: string, keys: string[], account = LOCAL_ACCOUNT) => {
      const text = JSON.stringify({ account, keys, stream: 'DISPATCH', seq: 1 });
      gateway().nc.publish(`notice.${readModel}`, text);
    },
    hangUp: async () => {
      await Promise.all(clients.splice(0).map((one) => one.dispose()));
    },
  };
}

/** A subscription over a socket says nothing when it has begun, so it is asked until it answers. */
export async function untilTold(
  told: { readonly data: unknown[] },
  ask: () => void,
  count = 1,
): Promise<void> {
  await eventually(() => {
    if (told.data.length < count) ask();
    return told.data.length >= count;
  });
}
