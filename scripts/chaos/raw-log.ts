import { writeFileSync } from 'node:fs';
import type { StoredCommit } from '#libs/event-log';

/** The log as it was, for whoever doubts the verdict. */
export function writeRaw(file: string, commits: readonly StoredCommit[]): void {
  const lines = commits.map(({ bytes, ...rest }) =>
    JSON.stringify({ ...rest, bytes: Buffer.from(bytes).toString('base64') }),
  );
  writeFileSync(file, `${lines.join('\n')}\n`);
}
