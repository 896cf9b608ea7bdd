/**
 * The innermost message of an error, which says what happened where `fetch failed` does not. By
 * shape and not by class: errors of Node's own come from another realm when specs run.
 */
export function reasonOf(error: unknown): string {
  let innermost: unknown = error;
  while (hasMessage(innermost) && hasMessage(innermost.cause)) innermost = innermost.cause;
  return hasMessage(innermost) ? innermost.message : String(innermost);
}

function hasMessage(value: unknown): value is { message: string; cause?: unknown } {
  return typeof value === 'object' && value !== null && 'message' in value;
}
