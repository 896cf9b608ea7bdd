import type { Rule } from '../rule.ts';

/** Spelled in two parts, so that this file does not name itself. */
const WORDS = new RegExp(
  `\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'].join('|')})\\b`,
);

/** Work that is not done is an issue, not a comment. */
export const leftovers: Rule = {
  name: 'leftovers',
  *check({ files }) {
    for (const { path, text, lines } of files) {
      if (path === 'package-lock.json' || !WORDS.test(text)) continue;
      for (const [at, line] of lines.entries()) {
        const word = WORDS.exec(line)?.[1];
        if (word)
          yield {
            path,
            line: at + 1,
            remedy: `${word}: do it now, or open an issue and delete it`,
          };
      }
    }
  },
};
