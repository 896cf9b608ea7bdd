/**
 * The parameters that a saved flow's templates ask for. The form needs only the names, and needs
 * them at once: it looks for templates in the JSON's texts, without the reader of flows, which is
 * loaded where a flow is imported.
 */
const TEMPLATE = /(?<!\\)\{\{\s*(?:parameters\.)?([A-Za-z_][\w-]*)[\w.-]*\s*\}\}/g;
const NOT_PARAMETERS = new Set(['slot', 'parameters']);
const MAX_NAMES = 50;

export function namesOfFlow(flow: unknown): readonly string[] | undefined {
  if (flow === undefined) return undefined;
  const names = new Set<string>();
  for (const [, name] of JSON.stringify(flow).matchAll(TEMPLATE))
    if (name !== undefined && !NOT_PARAMETERS.has(name)) names.add(name);
  return [...names].sort().slice(0, MAX_NAMES);
}
