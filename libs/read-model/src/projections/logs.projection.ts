import type { Transaction } from 'kysely';
import type { Place } from '#libs/consumer';
import type { log } from '#libs/contracts';
import type { Row } from '../columns.js';
import { foldedSource, type Projection, type Touched } from '../projection.js';
import { insertNew } from '../rows.js';
import { instant, int4, int8, jsonOrNull, key, text } from '../storable.js';
import type { ReadModel } from '../tables.js';
import { keyOf } from './keyed-rows.js';
import { level } from './words.js';

interface Chunk {
  readonly row: Row<'log_chunk'>;
  readonly lines: readonly Row<'log_line'>[];
}

interface LogsFold {
  readonly chunks: Map<string, Chunk>;
  /** Place of the next line in a commit, which may hold several chunks. */
  next: { readonly seq: number; place: number };
}

function chunkKey(
  row: Pick<Row<'log_chunk'>, 'account' | 'execution_id' | 'fence' | 'first_line'>,
) {
  return keyOf(row.account, row.execution_id, row.fence, row.first_line);
}

/** Lines go in only with a chunk that was not there: one told twice, hours apart, is one. */
async function save(tx: Transaction<ReadModel>, { chunks }: LogsFold): Promise<Touched[]> {
  const rows = [...chunks.values()].map(({ row }) => row);
  const lines = (await insertNew(tx, 'log_chunk', rows)).flatMap(
    (of) => chunks.get(chunkKey(of))?.lines ?? [],
  );
  await insertNew(tx, 'log_line', lines);
  return lines.map(({ account, execution_id }) => ({
    readModel: 'log',
    account,
    key: execution_id,
  }));
}

/** The lines that runs have told, in the order in which the log has them. */
export const logsProjection: Projection = {
  name: 'logs',
  version: 1,
  tables: ['log_chunk', 'log_line'],
  sources: [
    foldedSource({
      stream: 'LOGS',
      aggregates: ['log'],
      open: async (): Promise<LogsFold> => ({ chunks: new Map(), next: { seq: 0, place: 0 } }),
      save,
      handles: { LogChunk: addChunk },
      ignores: [],
    }),
  ],
};

function addChunk(fold: LogsFold, event: log.LogChunk, { recorded: { seq } }: Place): void {
  if (fold.next.seq !== seq) fold.next = { seq, place: 0 };
  const row: Row<'log_chunk'> = {
    account: key(event.account),
    execution_id: key(event.executionId),
    fence: int8(event.fence),
    first_line: int8(event.firstLine),
    lines: event.lines.length,
    seq: int8(seq),
  };
  const lines = event.lines.map((line, index) => ({
    account: row.account,
    execution_id: row.execution_id,
    seq: row.seq,
    place: fold.next.place++,
    attempt: int4(event.attempt),
    fence: row.fence,
    line: int8(row.first_line + index),
    at: instant(line.atMs),
    level: level(line.level),
    message: text(line.message),
    metadata: jsonOrNull(line.metadataJson),
  }));
  const of = chunkKey(row);
  if (!fold.chunks.has(of)) fold.chunks.set(of, { row, lines });
}
