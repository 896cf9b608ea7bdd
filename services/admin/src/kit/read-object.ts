/** A text as the JSON object that it is, or why it is none. */
export function readObject(text: string): { object: Record<string, unknown> } | { reason: string } {
  try {
    const value: unknown = text.trim() === '' ? {} : JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { object: value as Record<string, unknown> };
    return { reason: typeof value };
  } catch (error) {
    return { reason: (error as Error).message };
  }
}
