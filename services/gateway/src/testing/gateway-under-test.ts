import { type NatsConnection } from '@nats-io/transport-node';
import { pino } from 'pino';
import { SystemClock } from '#libs/clock';
import { create, dispatch, fromBinary, subjects, task, toBinary } from '#libs/contracts';
import { connect as connectReadModel, migrate } from '#libs/read-model';
import { connectNats, createOps } from '#libs/runtime';
import { startTestNats, startTestPostgres } from '#libs/testing';
import { type GatewaySettings } from '../config.js';
import { type Db } from '../queries/tasks.js';
import { startGateway } from '../start-gateway.js';

/** A gateway on real NATS and Postgres, and what stands at the other end of its commands. */
export interface GatewayUnderTest {
  readonly address: string;
  readonly db: Db;
  readonly nc: NatsConnection;
  /** What was sent to the definitions and to the dispatcher, in order. */
  readonly commands: SentCommand[];
  /** Answers the next commands; by default everything is accepted at position 1. */
  answerWith(answers: Answers): void;
  /** Takes the services at the other end away, and brings them back. */
  hangUp(): Promise<void>;
  pickUp(): void;
  /** Sends a request, with a body as JSON unless it is a text. */
  send(method: string, path: string, body?: unknown, headers?: object): Promise<Answered>;
  stop(): Promise<void>;
}

export interface Answered {
  readonly response: Response;
  readonly status: number;
  readonly text: string;
  /** A spec says what it expects of it. */
  readonly json: ReturnType<typeof JSON.parse>;
}

export type SentCommand =
  | { readonly to: 'definitions'; readonly command: task.Command }
  | { readonly to: 'dispatch'; readonly command: dispatch.Command };

export interface Answers {
  readonly define?: (command: task.Command) => task.CommandReply['result'];
  readonly dispatch?: (command: dispatch.Command) => dispatch.CommandReply['result'];
}

export const UNDER_TEST: Omit<GatewaySettings, 'adminDir'> = {
  host: '127.0.0.1',
  port: 0,
  shards: 4,
  publicHosts: undefined,
  postgresPool: 4,
  commandDeadlineMs: 1_500,
  // Nothing projects here; `projected` tells the position instead.
  positionWaitMs: 0,
};

/** Nobody listens there. */
const NO_DATABASE = 'postgres://nobody@127.0.0.1:1/nothing';

export async function gatewayUnderTest(
  settings: Partial<GatewaySettings> & { adminDir: string },
  { hasDatabase = true }: { hasDatabase?: boolean } = {},
): Promise<GatewayUnderTest> {
  const log = pino({ level: 'silent' });
  const clock = new SystemClock();
  const [nats, postgres] = await Promise.all([startTestNats(), startTestPostgres()]);
  const url = await postgres.createDatabase({
    name: 'read_model',
    prepare: async (empty) => void (await migrate(empty)),
  });
  const db = connectReadModel(hasDatabase ? url : NO_DATABASE, { poolSize: 4 });
  const nc = await connectNats({ url: nats.url, name: 'gateway', log });
  const far = await connectNats({ url: nats.url, name: 'other-end', log });
  const otherEnd = otherEndOn(far);
  otherEnd.pickUp();
  const running = await startGateway({
    nc,
    db,
    clock,
    log,
    ops: createOps(async () => ''),
    settings: { ...UNDER_TEST, ...settings },
    version: '0.0.0-test',
  });
  return {
    address: running.address,
    db,
    nc: far,
    ...otherEnd,
    send: (method, path, body, headers) =>
      sendTo(running.address + path, { method, body, headers }),
    stop: async () => {
      await running.stop();
      await db.destroy();
      await Promise.all([nc.close(), far.close()]);
      await Promise.all([nats.stop(), postgres.stop()]);
    },
  };
}

async function sendTo(
  url: string,
  { method, body, headers = {} }: { method: string; body?: unknown; headers?: object },
): Promise<Answered> {
  const hasBody = body !== undefined;
  const response = await fetch(url, {
    method,
    headers: { ...(hasBody ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(hasBody ? { body: typeof body === 'string' ? body : JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  return { response, status: response.status, text, json: parsed(text) };
}

/** What is no JSON is undefined. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function otherEndOn(nc: NatsConnection) {
  const commands: SentCommand[] = [];
  let answers: Answers = {};
  const subscriptions: { unsubscribe(): void }[] = [];
  const onDefinition = (bytes: Uint8Array) => {
    const command = fromBinary(task.CommandSchema, bytes);
    commands.push({ to: 'definitions', command });
    const result = answers.define?.(command) ?? {
      case: 'accepted' as const,
      value: create(task.AcceptedSchema, { id: idOf(command), position: 1 }),
    };
    return toBinary(task.CommandReplySchema, create(task.CommandReplySchema, { result }));
  };
  const onDispatch = (bytes: Uint8Array) => {
    const command = fromBinary(dispatch.CommandSchema, bytes);
    commands.push({ to: 'dispatch', command });
    const result = answers.dispatch?.(command) ?? {
      case: 'accepted' as const,
      value: create(dispatch.AcceptedSchema, { executionId: command.id, position: 1 }),
    };
    return toBinary(dispatch.CommandReplySchema, create(dispatch.CommandReplySchema, { result }));
  };
  const answering = (subject: string, answer: (bytes: Uint8Array) => Uint8Array) =>
    nc.subscribe(subject, {
      callback: (error, message) => {
        if (!error) message.respond(answer(message.data));
      },
    });
  const pickUp = () => {
    // Whoever is still there is hung up with the others.
    subscriptions.push(
      answering(subjects.definitionCommand, onDefinition),
      answering('command.dispatch.*', onDispatch),
    );
  };
  return {
    commands,
    answerWith: (given: Answers) => {
      answers = given;
    },
    hangUp: async () => {
      for (const one of subscriptions.splice(0)) one.unsubscribe();
      // Only then does the broker know.
      await nc.flush();
    },
    pickUp,
  };
}

function idOf({ id, body }: task.Command): string {
  switch (body.case) {
    case 'createTask':
      return id;
    case 'saveAutomation':
      return body.value.automationId || id;
    case 'deleteAutomation':
      return body.value.automationId;
    case 'saveCalendar':
      return body.value.calendarId || id;
    case 'deleteCalendar':
      return body.value.calendarId;
    case 'endMaintenance':
      return body.value.maintenanceId;
    case undefined:
      return '';
    case 'saveLimit':
    case 'deleteLimit':
      return body.value.limitId || id;
    case 'savePool':
    case 'pausePool':
    case 'resumePool':
    case 'deletePool':
      return body.value.name;
    default:
      return 'taskId' in body.value ? body.value.taskId : id;
  }
}
