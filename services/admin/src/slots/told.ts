/**
 * A sentence of the server, cut where the page can do better than text: `*name*` is a name, and the
 * id of a run or of a schedule is a link or a name. Pure.
 */
export type Part =
  | { kind: 'text' | 'name'; text: string }
  | { kind: 'run' | 'schedule'; text: string; id: string };

const ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const MARKED = new RegExp(
  `\\*([^*]+)\\*|\\b(execution(?: of that)?|run(?: in its way)?|schedule) (${ID})\\b`,
  'gi',
);

const SHORT_CHARS = 8;

export function partsOf(sentence: string): Part[] {
  const parts: Part[] = [];
  let from = 0;
  const text = (to: number): void => {
    if (to > from) parts.push({ kind: 'text', text: sentence.slice(from, to) });
  };
  for (const match of sentence.matchAll(MARKED)) {
    const [whole, name, what, id] = match;
    text(match.index);
    from = match.index + whole.length;
    if (name !== undefined) parts.push({ kind: 'name', text: name });
    else if (what !== undefined && id !== undefined) {
      const kind = what.toLowerCase() === 'schedule' ? 'schedule' : 'run';
      parts.push({ kind, id, text: `${what} ${id.slice(0, SHORT_CHARS)}` });
    }
  }
  text(sentence.length);
  return parts;
}
