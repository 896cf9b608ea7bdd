import {
  dispatch as d,
  decodeCommit,
  envelope,
  fromBinary,
  schemaOf,
  tick,
  toJson,
} from '#libs/contracts';
import { canonicalWorld, foldHistory, type RecordedCommit } from '#libs/domain';
import type { Recorder } from './recorder.ts';

/** A history with its bytes, the same in words, and the state that folding it gives. */
export function readable(history: string, { commits }: Recorder) {
  return {
    history,
    shards: 1,
    commits: commits.map(withWords),
    state: canonicalWorld(foldHistory(commits, 1)),
  };
}

function withWords({ stream, seq, subject, bytes }: RecordedCommit) {
  const { commit, events } = decodeCommit(bytes);
  const { events: _, inputs, ...envelopeOnly } = commit;
  return {
    stream,
    seq,
    subject,
    commit: toJson(envelope.CommitSchema, {
      ...envelopeOnly,
      events: [],
      inputs: new Uint8Array(),
    }),
    inputs: inputsInWords(stream, inputs),
    events: events.map(({ event }) => {
      const schema = schemaOf(event.$typeName);
      return { type: event.$typeName, payload: schema && toJson(schema, event) };
    }),
    bytes: Buffer.from(bytes).toString('base64'),
  };
}

function inputsInWords(stream: string, inputs: Uint8Array) {
  if (stream === 'TICKS')
    return toJson(tick.TickInputsSchema, fromBinary(tick.TickInputsSchema, inputs));
  if (stream === 'DISPATCH')
    return toJson(d.DispatchInputsSchema, fromBinary(d.DispatchInputsSchema, inputs));
  return undefined;
}
