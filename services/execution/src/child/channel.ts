import { Socket } from 'node:net';
import type { Clock } from '#libs/clock';
import { LIMITS } from '../limits.js';
import { LineReader } from './line-reader.js';
import {
  CHANNEL_FD,
  encode,
  type FromChild,
  type FromJob,
  type Level,
  type ToChild,
  toChild,
} from './protocol.js';

/** A job's way to its supervisor. */
export interface Channel {
  send(message: FromJob): void;
  log(level: Level, message: string, metadata?: Readonly<Record<string, unknown>>): void;
}

/** The child's end of the line to its supervisor. */
export interface SupervisorLine {
  send(message: FromChild): void;
  /** Resolves when all that was sent has been handed to the system. */
  flush(): Promise<void>;
}

/**
 * Opens the line. When the supervisor is gone, whatever ended it, the line closes, and `onGone` has
 * to end this process and its browser: nobody will ask for the result any more.
 */
export function openLine(options: {
  readonly onMessage: (message: ToChild) => void;
  readonly onGone: () => void;
}): SupervisorLine {
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
  // What is said in one turn of the loop goes out with one write: a job of a moment says little, and
  // there may be many.
  let said = '';
  const write = (done?: () => void) => {
    socket.write(said, () => done?.());
    said = '';
  };
  return {
    send: (message) => {
      if (said === '') setImmediate(() => said !== '' && write());
      said += encode(message);
    },
    flush: () => new Promise((resolve) => write(resolve)),
  };
}

export function channelOf(line: SupervisorLine, id: number, clock: Clock): Channel {
  const send = (message: FromJob) => line.send({ ...message, id });
  return {
    send,
    log: (level, message, metadata) =>
      send({
        type: 'log',
        line: { atMs: clock.now(), level, message, ...(metadata && { metadata }) },
      }),
  };
}
