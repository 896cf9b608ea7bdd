/** Names of parameters whose values are secrets, whatever else they are. */
const SECRET_NAME =
  /pass(word|wd|phrase)?$|secret|token|api[-_]?key|authorization|cookie|credential|private[-_]?key/i;
/** Shorter ones would blank half of every log. */
const SECRET_CHARS_MIN = 4;
const SECRETS_MAX = 100;
const DEPTH_MAX = 16;
const BLANK = '[secret]';

/** Takes the secrets among the parameters out of a text, however they are written in it. */
export type Redact = (text: string) => string;

export function redactor(parameters: Readonly<Record<string, unknown>>): Redact {
  const secrets = new Set<string>();
  collect(parameters, false, DEPTH_MAX, secrets);
  // The longest first: one may be the beginning of another.
  const written = [...secrets]
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
    .sort((one, other) => other.length - one.length);
  return (text) => written.reduce((rest, secret) => rest.replaceAll(secret, BLANK), text);
}

function collect(value: unknown, isSecret: boolean, depth: number, into: Set<string>): void {
  if (into.size >= SECRETS_MAX || depth === 0) return;
  if (typeof value === 'string') {
    if (isSecret && value.length >= SECRET_CHARS_MIN) into.add(value);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value))
    collect(inner, isSecret || SECRET_NAME.test(name), depth - 1, into);
}
