import { Copy } from './copy.js';
import classes from './kit.module.css';
import { messages } from './messages.js';

const TOKEN =
  /("(?:\\.|[^"\\])*"(?=\s*:))|("(?:\\.|[^"\\])*")|\b(true|false|null)\b|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g;
const MAX_SHOWN = 20_000;

/** A value as its author would write it, tinted quietly. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  if (value === null || value === undefined || isEmptyObject(value))
    return <p className={`muted ${classes.jsonEmpty}`}>{messages.empty}</p>;
  const source = JSON.stringify(value, null, 2);
  return (
    <figure className={classes.json} aria-label={label}>
      <div className={classes.jsonCopy}>
        <Copy text={source} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must take the focus */}
      <pre tabIndex={0}>
        <code>{tint(source.slice(0, MAX_SHOWN))}</code>
        {source.length > MAX_SHOWN ? ' …' : null}
      </pre>
    </figure>
  );
}

const isEmptyObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

function tint(source: string): React.ReactNode[] {
  const nodes: React.ReactNode[] = [];
  let from = 0;
  for (const match of source.matchAll(TOKEN)) {
    const kind = match[1] ? classes.jsonKey : match[2] ? classes.jsonText : classes.jsonOther;
    nodes.push(source.slice(from, match.index));
    nodes.push(
      <span key={match.index} className={kind}>
        {match[0]}
      </span>,
    );
    from = match.index + match[0].length;
  }
  nodes.push(source.slice(from));
  return nodes;
}
