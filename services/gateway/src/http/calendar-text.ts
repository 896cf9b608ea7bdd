import { findJsonFault } from '../problems/check-json.js';
import { invalid, RequestProblem } from '../problems/problem.js';

/** The one route that takes a calendar as it is. */
const ROUTE = '/api/scheduler/calendars/import/ics';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * A body of `text/calendar` with its wishes in the query, as the JSON that says the same: one schema
 * holds both.
 */
export function icsImportOf(
  { url, query }: { readonly url: string; readonly query: unknown },
  body: Uint8Array,
): Record<string, unknown> {
  if (url.split('?', 1)[0] !== ROUTE)
    throw new RequestProblem('media-type-unsupported', 'Only an import takes a calendar as it is.');
  const { dryRun, ...wishes } = query as Record<string, unknown>;
  const asked = { ...wishes, ...(dryRun === undefined ? {} : { dryRun: truthOf(dryRun) }) };
  const value = { ...asked, ics: textOf(body) };
  const fault = findJsonFault(value);
  if (fault !== undefined) throw invalid([{ ...fault, remedy: 'Take it out.' }]);
  return value;
}

/** What is neither is left to the schema to refuse. */
function truthOf(text: unknown): unknown {
  if (text === 'true') return true;
  return text === 'false' ? false : text;
}

function textOf(body: Uint8Array): string {
  try {
    return utf8.decode(body);
  } catch {
    throw invalid([
      {
        path: '/ics',
        code: 'bad-encoding',
        message: 'The calendar is not UTF-8.',
        remedy: 'Save it as UTF-8, as RFC 5545 asks.',
      },
    ]);
  }
}
