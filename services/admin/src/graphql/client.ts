import { createClient as createSocket, type Client as Socket } from 'graphql-ws';
import { Client, CombinedError, cacheExchange, fetchExchange, subscriptionExchange } from 'urql';
import { after, pause } from '../clock.js';
import { noteAnswer, noteClosed, noteConnected } from './connection.js';

const PING_EVERY_MS = 12_000;
const PONG_WITHIN_MS = 5_000;
const RETRY_FIRST_MS = 400;
const RETRY_MOST_MS = 5_000;
const REQUEST_TIMEOUT_MS = 20_000;

const socketUrl = (): string =>
  `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`;

/** Doubling waits with jitter: a restarted gateway is not met by every page at once. */
const retryWait = (retries: number): Promise<void> => {
  const most = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** retries);
  const [dice = 0] = crypto.getRandomValues(new Uint8Array(1));
  return pause(most * (0.5 + dice / 512));
};

/** One socket for the page. Subscriptions outlive it: they are made again on each new one. */
function openSocket(): Socket {
  let awaited: (() => void) | undefined;
  let live: WebSocket | undefined;
  return createSocket({
    url: socketUrl(),
    lazy: false,
    keepAlive: PING_EVERY_MS,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait,
    onNonLazyError: () => undefined,
    on: {
      opened: (socket) => {
        live = socket as WebSocket;
      },
      connected: () => noteConnected(),
      closed: () => {
        awaited?.();
        noteClosed();
      },
      // A connection that died silently is closed by us, or it would look alive for minutes.
      ping: (received) => {
        if (received) return;
        awaited = after(PONG_WITHIN_MS, () => live?.close(4408, 'no pong'));
      },
      pong: (received) => {
        if (received) awaited?.();
      },
    },
  });
}

async function watchedFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const limit = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit;
  try {
    const response = await fetch(input, { ...init, signal });
    noteAnswer(response.ok);
    return response;
  } catch (error) {
    if (!init?.signal?.aborted) noteAnswer(false);
    throw error;
  }
}

/** For an answer without data and without an error: there is none that says so. */
export const noData = (): CombinedError =>
  new CombinedError({ networkError: new Error('The answer is empty.') });

export const socket = openSocket();

export const client = new Client({
  url: '/graphql',
  preferGetMethod: false,
  requestPolicy: 'cache-and-network',
  fetch: watchedFetch,
  fetchOptions: { headers: { 'apollo-require-preflight': 'true' } },
  exchanges: [
    cacheExchange,
    subscriptionExchange({
      forwardSubscription: (request) => ({
        subscribe: (sink) => ({
          unsubscribe: socket.subscribe({ ...request, query: request.query ?? '' }, sink),
        }),
      }),
    }),
    fetchExchange,
  ],
});
