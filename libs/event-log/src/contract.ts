import { describe, expect, test } from '@jest/globals';
import type { AppendRequest, EventLog } from './event-log.js';

const text = new TextEncoder();

let lastName = 0;
/** A subject of its own for each test: they share one log. */
function subject(): string {
  lastName += 1;
  return `definition.contract.task.t${lastName}`;
}

function append(on: string, body: string, more: Partial<AppendRequest> = {}): AppendRequest {
  return {
    stream: 'DEFINITIONS',
    subject: on,
    bytes: text.encode(body),
    msgId: `${on}:${body}`,
    ...more,
  };
}

async function bodies(log: EventLog, on: string, fromSeq = 1): Promise<string[]> {
  const found: string[] = [];
  for await (const { bytes } of log.read({ stream: 'DEFINITIONS', subject: on, fromSeq }))
    found.push(Buffer.from(bytes).toString());
  return found;
}

/** What every event log promises. */
export function eventLogContract(name: string, open: () => EventLog): void {
  describe(name, () => {
    test('stores a commit at the end of its subject', async () => {
      const on = subject();
      const first = await open().append(append(on, 'a', { expectedLastSeq: 0 }));
      const last = await open().last('DEFINITIONS', on);
      expect(first).toEqual({ kind: 'appended', seq: last?.seq, duplicate: false });
      expect(Buffer.from(last?.bytes ?? []).toString()).toBe('a');
      expect(last?.msgId).toBe(`${on}:a`);
    });

    test('refuses a commit whose expected sequence is not the last', async () => {
      const on = subject();
      await open().append(append(on, 'a', { expectedLastSeq: 0 }));
      const late = await open().append(append(on, 'b', { expectedLastSeq: 0 }));
      expect(late).toEqual({ kind: 'conflict' });
      expect(await bodies(open(), on)).toEqual(['a']);
    });

    test('knows its own commit again when the same one is appended twice', async () => {
      const on = subject();
      const once = await open().append(append(on, 'a', { expectedLastSeq: 0 }));
      const again = await open().append(append(on, 'a', { expectedLastSeq: 0 }));
      expect(again).toEqual(once);
      expect(await bodies(open(), on)).toEqual(['a']);
    });

    test('says of an unconditional repetition that it had been stored before', async () => {
      const on = subject();
      const once = await open().append(append(on, 'a'));
      const again = await open().append(append(on, 'other bytes', { msgId: `${on}:a` }));
      expect(again).toMatchObject({ kind: 'appended', duplicate: true });
      expect(once).toMatchObject({ duplicate: false });
      expect(await bodies(open(), on)).toEqual(['a']);
    });

    test('of writers that expect the same end, lets exactly one through', async () => {
      const on = subject();
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          open().append(append(on, `writer ${i}`, { expectedLastSeq: 0 })),
        ),
      );
      expect(outcomes.filter(({ kind }) => kind === 'appended')).toHaveLength(1);
      expect(await bodies(open(), on)).toHaveLength(1);
    });

    test('reads a range in order, from a sequence on, and then ends', async () => {
      const on = subject();
      const seqs: number[] = [];
      for (const body of ['a', 'b', 'c']) {
        const result = await open().append(append(on, body));
        if (result.kind === 'appended') seqs.push(result.seq);
      }
      expect(await bodies(open(), on)).toEqual(['a', 'b', 'c']);
      expect(await bodies(open(), on, seqs[1])).toEqual(['b', 'c']);
      expect(await bodies(open(), subject())).toEqual([]);
    });

    test('follows a range without gap or repetition until the signal aborts', async () => {
      const on = subject();
      await open().append(append(on, 'a'));
      const seen: string[] = [];
      const end = new AbortController();
      const range = { stream: 'DEFINITIONS', subject: on, fromSeq: 1 } as const;
      const following = (async () => {
        for await (const { bytes } of open().follow(range, end.signal)) {
          seen.push(Buffer.from(bytes).toString());
          if (seen.length === 3) end.abort();
        }
      })();
      await open().append(append(on, 'b'));
      await open().append(append(on, 'c'));
      await following;
      expect(seen).toEqual(['a', 'b', 'c']);
    });

    test('finds a commit by its sequence, and none where there is none', async () => {
      const on = subject();
      const result = await open().append(append(on, 'a'));
      const seq = result.kind === 'appended' ? result.seq : 0;
      expect((await open().get('DEFINITIONS', seq))?.subject).toBe(on);
      expect(await open().get('DEFINITIONS', seq + 1_000)).toBeUndefined();
      expect(await open().last('DEFINITIONS', subject())).toBeUndefined();
      expect(await open().lastSeq('DEFINITIONS')).toBeGreaterThanOrEqual(seq);
    });
  });
}
