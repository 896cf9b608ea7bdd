/** How it is going to end: an exit code, and why when that is not by request. */
export interface Ending {
  readonly exitCode: number;
  readonly why?: string;
}

export interface StopSignals {
  readonly asked: Promise<Ending>;
  isAsked(): boolean;
  /** What a further signal does from now on. */
  hurry(run: () => void): void;
  release(): void;
}

/** Ctrl-C, a closed terminal, or a service manager. */
export function askedToStop(): StopSignals {
  let isAsked = false;
  let again: (() => void) | undefined;
  let ask: (ending: Ending) => void = () => {};
  const asked = new Promise<Ending>((resolve) => {
    ask = resolve;
  });
  // npm hands on a signal that the terminal has sent already: the first two may be one Ctrl-C.
  let signals = 0;
  const onSignal = () => {
    signals++;
    if (isAsked && signals > 2) again?.();
    isAsked = true;
    ask({ exitCode: 0 });
  };
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) process.on(name, onSignal);
  return {
    asked,
    isAsked: () => isAsked,
    hurry: (run) => {
      again = run;
    },
    release: () => {
      for (const name of names) process.off(name, onSignal);
    },
  };
}
