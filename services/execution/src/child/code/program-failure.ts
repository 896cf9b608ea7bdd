import { statfsSync } from 'node:fs';
import { JobFailure } from '../job-failure.js';
import { CODE_LIMITS as L } from './limits.js';

export interface ProgramExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Ends by these are ends by a limit. A shell tells a signal of its last command as 128 + number. */
const CPU_SIGNAL = 24;
const FILE_SIZE_SIGNAL = 25;
const SHELL_SIGNALS = 128;

/** Why a program did not succeed, as far as its end and its folder tell. */
export function failureOfExit(
  exit: ProgramExit,
  about: {
    readonly folder: string;
    /** Why V8 gave up, if it did. */
    readonly report: string | undefined;
    readonly lastLines?: readonly string[];
    readonly thrown?: string;
  },
): JobFailure {
  const said = about.lastLines?.length ? ` It said last: ${about.lastLines.join(' | ')}` : '';
  if (exit.signal === 'SIGXCPU' || exit.code === SHELL_SIGNALS + CPU_SIGNAL)
    return new JobFailure('CPU_TIME_EXCEEDED', 'It used more CPU time than it may.');
  if (exit.signal === 'SIGXFSZ' || exit.code === SHELL_SIGNALS + FILE_SIZE_SIGNAL)
    return new JobFailure('DISK_FULL', 'It wrote a larger file than it may.');
  if (isFull(about.folder)) return new JobFailure('DISK_FULL', `Its folder is full.${said}`);
  if (about.report === 'OOMError')
    return new JobFailure('OUT_OF_MEMORY', 'It needed more memory than it may have.');
  if (about.thrown !== undefined) return new JobFailure('SCRIPT_FAILED', about.thrown);
  if (exit.signal !== null)
    return new JobFailure('PROGRAM_KILLED', `It was ended by ${exit.signal}.${said}`);
  return new JobFailure('EXIT_CODE_NONZERO', `It ended with code ${exit.code}.${said}`);
}

function isFull(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < L.roomBytes;
}
