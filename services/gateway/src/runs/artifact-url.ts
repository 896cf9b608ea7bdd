import { type ArtifactRow } from '#libs/read-model';

/** Where an artifact is served: by the gateway itself, at an address that any browser may open. */
export function artifactUrl(executionId: string, attempt: number, name: string): string {
  const path = [executionId, 'artifacts', String(attempt), name].map(encodeURIComponent).join('/');
  return `/api/scheduler/executions/${path}`;
}

export function artifactsOf(
  rows: readonly ArtifactRow[] | null,
  { executionId, attempt }: { executionId: string; attempt: number },
) {
  return (rows ?? []).map(({ name, mediaType, sizeBytes }) => ({
    name,
    mediaType,
    sizeBytes,
    url: artifactUrl(executionId, attempt, name),
  }));
}
