import { MAX_PENDING } from '../live/live-list.js';
import classes from './list.module.css';
import { messages } from './messages.js';

/** Rows that wait to be shown; pressed, they come on top and the page goes there. */
export function NewRows({ count, onShow }: { count: number; onShow: () => void }) {
  return (
    <div className={classes.newRows} aria-live="polite">
      {count > 0 ? (
        <button
          type="button"
          title={messages.showNew}
          onClick={() => {
            onShow();
            document.getElementById('main')?.scrollTo({ top: 0 });
          }}
        >
          {messages.newRows(count, MAX_PENDING)}
        </button>
      ) : null}
    </div>
  );
}
