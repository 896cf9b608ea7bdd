import { useCallback, useRef, useState } from 'react';
import type { Answer, Refusal } from '../graphql/actions.js';
import { messages } from './messages.js';
import { refused } from './toast.js';

/** What is said of a refusal: the reason, then what to do about it. */
export function reasonOf(refusal: Refusal): string {
  const message = refusal.message === '' ? messages.noAnswer : refusal.message;
  return refusal.remedy ? `${message} ${refusal.remedy}` : message;
}

/** One at a time: while the answer is awaited the button is busy, and a second press is nothing. */
export function useAction<A extends unknown[], T>(
  act: (...args: A) => Promise<Answer<T>>,
  onDone: (value: T, ...args: A) => void,
): [run: (...args: A) => void, busy: boolean] {
  const [busy, setBusy] = useState(false);
  const running = useRef(false);
  const latest = useRef({ act, onDone });
  latest.current = { act, onDone };
  const run = useCallback((...args: A) => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    void latest.current
      .act(...args)
      .then((answer) => {
        if (answer.ok) latest.current.onDone(answer.value, ...args);
        else refused(messages.problem, reasonOf(answer.refusal));
      })
      .finally(() => {
        running.current = false;
        setBusy(false);
      });
  }, []);
  return [run, busy];
}
