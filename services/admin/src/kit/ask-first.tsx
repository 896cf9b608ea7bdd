import { useState } from 'react';
import type { Answer } from '../graphql/actions.js';
import { Confirm } from './confirm.js';
import { refused } from './toast.js';
import { reasonOf } from './use-action.js';

interface AskFirstProps<T> {
  title: string;
  /** The word on the button that does it. */
  action: string;
  act: () => Promise<Answer<T>>;
  onDone: (value: T) => void;
  children: React.ReactNode;
}

/** A thing that is asked about before it is asked for: open it, then render what it gives. */
export function useAskFirst<T>(
  props: AskFirstProps<T>,
): [ask: () => void, dialog: React.ReactNode] {
  const [asking, setAsking] = useState(false);
  const close = (): void => setAsking(false);
  const confirm = async (): Promise<void> => {
    const answer = await props.act();
    close();
    if (answer.ok) props.onDone(answer.value);
    else refused(props.title, reasonOf(answer.refusal));
  };
  const dialog = asking ? (
    <Confirm title={props.title} action={props.action} onClose={close} onConfirm={confirm}>
      {props.children}
    </Confirm>
  ) : null;
  return [() => setAsking(true), dialog];
}
