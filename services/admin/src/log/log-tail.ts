/**
 * The log of one run, live. One subscription gives history and tail; when the socket is lost the
 * subscription is ended, and on the next socket it goes on after the last cursor. Lines arrive in
 * bursts and are shown at most twenty times a second. They never enter a cache of React or urql.
 */
import { useEffect, useState, useSyncExternalStore } from 'react';
import { after } from '../clock.js';
import { client } from '../graphql/client.js';
import { connection, onConnectionChange, POLL_EVERY_MS } from '../graphql/connection.js';
import { graphql } from '../graphql/graphql.js';
import { addLines, type LogLine, type LogWindow, newWindow } from './log-window.js';

const SHOW_EVERY_MS = 50;
const PAGE = 500;

const LogTailDocument = graphql(`
  subscription LogTail($executionId: ID!, $after: String) {
    logTail(executionId: $executionId, after: $after) {
      lines {
        cursor
        timestamp
        level
        message
        metadata
        attempt
        line
      }
      hasMore
      cursor
    }
  }
`);

const LogPageDocument = graphql(`
  query LogPage($id: ID!, $after: String, $limit: Int!) {
    execution(id: $id) {
      id
      logs(after: $after, limit: $limit) {
        lines {
          cursor
          timestamp
          level
          message
          metadata
          attempt
          line
        }
        hasMore
        cursor
      }
    }
  }
`);

export interface LogView {
  window: LogWindow;
  /** History is still coming. */
  loading: boolean;
  failed: boolean;
}

export class LogTail {
  readonly #executionId: string;
  readonly #listeners = new Set<() => void>();
  #view: LogView = { window: newWindow(), loading: true, failed: false };
  #arrived: { lines: readonly LogLine[]; cursor: string | null }[] = [];
  #hasMore = true;
  #cancelShow: (() => void) | undefined;
  #end: (() => void) | undefined;
  #stops: (() => void)[] = [];
  #polling = false;

  constructor(executionId: string) {
    this.#executionId = executionId;
  }

  readonly view = (): LogView => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  start(): () => void {
    let epoch = -1;
    let refresh = connection().refresh;
    const follow = (): void => {
      const now = connection();
      const up = now.state === 'live' && !now.asleep;
      if (up && now.epoch !== epoch) {
        epoch = now.epoch;
        this.#listen();
      } else if (!up && this.#end) {
        epoch = -1;
        this.#end();
        this.#end = undefined;
      }
      if (!up && now.refresh !== refresh) void this.#poll();
      refresh = now.refresh;
    };
    // Where no socket opens at all, the first page comes by HTTP.
    this.#stops = [onConnectionChange(follow), after(POLL_EVERY_MS / 4, () => this.#first())];
    follow();
    return () => this.#stop();
  }

  #stop(): void {
    this.#end?.();
    this.#end = undefined;
    this.#cancelShow?.();
    this.#cancelShow = undefined;
    for (const stop of this.#stops) stop();
  }

  #first(): void {
    if (this.#view.loading && connection().state !== 'live') void this.#poll();
  }

  #listen(): void {
    this.#end?.();
    const variables = {
      executionId: this.#executionId,
      after: this.#arrived.at(-1)?.cursor ?? this.#view.window.cursor ?? null,
    };
    const { unsubscribe } = client.subscription(LogTailDocument, variables).subscribe((result) => {
      if (result.data) this.#take(result.data.logTail);
      else if (result.error) this.#show({ failed: true, loading: false });
    });
    this.#end = unsubscribe;
  }

  async #poll(): Promise<void> {
    if (this.#polling) return;
    this.#polling = true;
    try {
      for (let more = true; more; ) {
        const { cursor } = this.#view.window;
        const variables = { id: this.#executionId, after: cursor ?? null, limit: PAGE };
        const options = { requestPolicy: 'network-only' } as const;
        const { data } = await client.query(LogPageDocument, variables, options);
        const page = data?.execution?.logs;
        if (!page) return;
        this.#take(page);
        this.#flush();
        more = page.hasMore && this.#view.window.cursor !== cursor;
      }
    } finally {
      this.#polling = false;
    }
  }

  #take(page: { lines: readonly LogLine[]; hasMore: boolean; cursor: string | null }): void {
    this.#arrived.push(page);
    this.#hasMore = page.hasMore;
    this.#cancelShow ??= after(SHOW_EVERY_MS, () => this.#flush());
  }

  #flush(): void {
    this.#cancelShow?.();
    this.#cancelShow = undefined;
    let { window } = this.#view;
    for (const { lines, cursor } of this.#arrived) window = addLines(window, lines, cursor);
    this.#arrived = [];
    this.#show({ window, loading: this.#hasMore && window.lines.length === 0, failed: false });
  }

  #show(change: Partial<LogView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) listener();
  }
}

export function useLogTail(executionId: string): LogView {
  const [tail] = useState(() => new LogTail(executionId));
  useEffect(() => tail.start(), [tail]);
  return useSyncExternalStore(tail.subscribe, tail.view);
}
