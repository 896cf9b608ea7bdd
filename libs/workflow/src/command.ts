import type { CloudEvent } from './history.js';
import type { Json, JsonObject } from './json.js';
import type { StepId } from './step-id.js';

/** How a process is run. Its result is recorded as `{ code, stdout, stderr }`. */
export interface ProcessCall {
  readonly stdin?: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

export type Authentication =
  | { readonly basic: { readonly username: string; readonly password: string } }
  | { readonly bearer: { readonly token: string } };

/** What is to be done outside, with everything filled in but secrets. */
export type Call =
  /** Recorded as `{ request: { method, uri, headers }, statusCode, headers, content }`. */
  | {
      readonly kind: 'http';
      readonly method: string;
      /** With its query. */
      readonly uri: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body?: Json;
      readonly authentication?: Authentication;
      readonly followRedirects: boolean;
      /** The content is wanted as base64, whatever its media type. */
      readonly isRaw: boolean;
    }
  | ({
      readonly kind: 'script';
      readonly language: 'javascript';
      readonly code: string;
    } & ProcessCall)
  | ({ readonly kind: 'shell'; readonly command: string } & ProcessCall)
  /** A child execution of a task. Recorded is its output. */
  | {
      readonly kind: 'task';
      readonly task: string;
      readonly parameters: JsonObject;
      readonly isAwaited: boolean;
    }
  /** A child run of another workflow. Recorded is its output. */
  | {
      readonly kind: 'workflow';
      readonly namespace: string;
      readonly name: string;
      readonly version: string;
      readonly input: Json;
      readonly isAwaited: boolean;
    }
  /** Recorded as null: what was emitted follows from the definition. */
  | { readonly kind: 'emit'; readonly event: CloudEvent };

export interface Command {
  readonly step: StepId;
  readonly call: Call;
  /** The same for each run of this step: a target that honours it makes the effect once. */
  readonly idempotencyKey: string;
  readonly timeoutMs?: number;
  /** It was started before, and nobody knows how that ended. */
  readonly isRepeated: boolean;
}
