/** Dead letters by what killed them, the most common error first. Pure. */
export interface ErrorGroup {
  code: string;
  count: number;
  tasks: number;
}

interface Died {
  errorCode: string;
  taskId: string;
}

const MAX_GROUPS = 8;

export function groupsOf(letters: readonly Died[]): readonly ErrorGroup[] {
  return [...Map.groupBy(letters, (letter) => letter.errorCode)]
    .map(([code, of]) => ({
      code,
      count: of.length,
      tasks: new Set(of.map((letter) => letter.taskId)).size,
    }))
    .sort((a, b) => b.count - a.count || a.code.localeCompare(b.code))
    .slice(0, MAX_GROUPS);
}

/** A value on one line, cut where it would be long: to know it by, not to read it. */
export function previewOf(value: unknown, most = 120): string {
  const text = JSON.stringify(value ?? {});
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
