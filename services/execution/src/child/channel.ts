import { Socket } from 'node:net';
import type { Clock } from '#libs/clock';
import { LIMITS } from '../limits.js';
import { LineReader } from './line-reader.js';
import {
  CHANNEL_FD,
  encode,
  type FromChild,
  type Level,
  type ToChild,
  toChild,
} from './protocol.js';

/** The child's end of the line to its supervisor. */
export interface Channel {
  send(message: FromChild): void;
  log(level: Level, message: string, metadata?: Readonly<Record<string, unknown>>): void;
  /** Resolves when all that was sent has been handed to the system. */
  flush(): Promise<void>;
}

/**
 * Opens the line. When the supervisor is gone, whatever ended it, the line closes, and `onGone` has
 * to end this process and its browser: nobody will ask for the result any more.
 */
export function openChannel(options: {
  readonly clock: Clock;
  readonly onMessage: (message: ToChild) => void;
  readonly onGone: () => void;
}): Channel {
  const socket = new Socket({ fd: CHANNEL_FD, readable: true, writable: true });
  const reader = new LineReader({
    maxBytes: LIMITS.lineToChildBytes,
    onLine: (line) => options.onMessage(toChild(line)),
    onTooLong: options.onGone,
  });
  socket.on('data', (chunk) => reader.push(chunk));
  socket.on('close', options.onGone);
  socket.on('end', options.onGone);
  socket.on('error', options.onGone);
  const send = (message: FromChild) => {
    socket.write(encode(message));
  };
  return {
    send,
    log: (level, message, metadata) =>
      send({
        type: 'log',
        line: { atMs: options.clock.now(), level, message, ...(metadata && { metadata }) },
      }),
    flush: () =>
      new Promise((resolve) => {
        socket.write('', () => resolve());
      }),
  };
}
