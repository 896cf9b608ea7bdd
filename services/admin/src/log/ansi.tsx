import Anser from 'anser';
import classes from './log.module.css';

const LINK = /https?:\/\/[^\s"'<>()[\]{}]+[^\s"'<>()[\]{}.,:;!?]/g;
/** A line longer than this is shown cut: nobody reads a megabyte of one line. */
const MAX_SHOWN = 5_000;
const ESCAPE = '\u001b';

/** A line's text: its terminal colours as classes, its addresses as links, never as markup. */
export function AnsiText({ text }: { text: string }) {
  const shown = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)} …` : text;
  if (!shown.includes(ESCAPE)) return <>{linked(shown)}</>;
  return (
    <>
      {Anser.ansiToJson(shown, { json: true, remove_empty: true, use_classes: true }).map(
        (part, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of a line that never changes
          <span key={place} className={classesOf(part)}>
            {linked(part.content)}
          </span>
        ),
      )}
    </>
  );
}

function classesOf(part: Anser.AnserJsonEntry): string {
  const names = part.decorations.map((decoration) => classes[decoration]);
  if (part.fg) names.push(classes[part.fg.replace('ansi-bright-', 'ansi-')]);
  return names.filter(Boolean).join(' ');
}

function linked(text: string): React.ReactNode {
  if (!text.includes('://')) return text;
  const nodes: React.ReactNode[] = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    nodes.push(text.slice(from, match.index));
    nodes.push(
      <a key={match.index} href={match[0]} target="_blank" rel="noreferrer noopener">
        {match[0]}
      </a>,
    );
    from = match.index + match[0].length;
  }
  nodes.push(text.slice(from));
  return nodes;
}

/** The text alone, for copying and downloading. */
export const plainText = (text: string): string =>
  text.includes(ESCAPE) ? Anser.ansiToText(text) : text;
