import { type Json, type StepError, standardError } from '#libs/workflow';

/** What became of a step. */
export type StepResult = { readonly output: Json } | { readonly error: StepError };

type Kind = Parameters<typeof standardError>[0];

export function failed(kind: Kind, title: string, detail: string): StepResult {
  const { instance: _, ...error } = standardError(kind, '', { title, detail });
  return { error };
}
