import { Select, Switch, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import classes from './form.module.css';
import { messages } from './messages.js';

type Parameters = Record<string, unknown>;

interface HttpFieldsProps {
  parameters: Parameters;
  problemOf: (field: string) => string | undefined;
  onChange: (parameters: Parameters) => void;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const bodyless = (method: string): boolean => method === 'GET' || method === 'HEAD';

const textOf = (value: unknown): string =>
  value === undefined || value === null
    ? ''
    : typeof value === 'string'
      ? value
      : JSON.stringify(value, null, 2);

/** Without the key, when there is nothing to say. */
function withValue(parameters: Parameters, key: string, value: unknown): Parameters {
  const { [key]: _, ...rest } = parameters;
  return value === undefined || value === '' ? rest : { ...rest, [key]: value };
}

export function HttpFields({ parameters, problemOf, onChange }: HttpFieldsProps) {
  const method = textOf(parameters['method']) || 'GET';
  const set = (key: string, value: unknown): void => onChange(withValue(parameters, key, value));
  return (
    <div className={classes.fields}>
      <div className={classes.requestLine}>
        <Select
          label={messages.method}
          data={METHODS}
          value={method}
          allowDeselect={false}
          onChange={(value) => set('method', value)}
        />
        <TextInput
          label={messages.url}
          placeholder="https://"
          value={textOf(parameters['url'])}
          error={problemOf('url')}
          onChange={(event) => set('url', event.currentTarget.value)}
          classNames={{ input: 'mono' }}
          spellCheck={false}
        />
      </div>
      <HeadersField
        headers={parameters['headers']}
        error={problemOf('headers')}
        onChange={(headers) => set('headers', headers)}
      />
      {bodyless(method) && parameters['body'] === undefined ? null : (
        <Textarea
          label={messages.body}
          value={textOf(parameters['body'])}
          error={problemOf('body')}
          onChange={(event) => set('body', event.currentTarget.value)}
          classNames={{ input: 'mono' }}
          autosize
          minRows={3}
          maxRows={14}
          spellCheck={false}
        />
      )}
      <div className={classes.twoFields}>
        <TextInput
          label={messages.expectedStatus}
          description={messages.expectedHint}
          placeholder="2xx"
          value={[parameters['expectedStatus'] ?? []].flat().join(', ')}
          error={problemOf('expectedStatus')}
          onChange={(event) => set('expectedStatus', statusesOf(event.currentTarget.value))}
        />
        <Switch
          className={classes.switchField}
          label={messages.followRedirects}
          checked={parameters['followRedirects'] !== false}
          onChange={(event) =>
            set('followRedirects', event.currentTarget.checked ? undefined : false)
          }
        />
      </div>
    </div>
  );
}

function statusesOf(text: string): string | string[] {
  const parts = text.split(',').map((part) => part.trim());
  return parts.length > 1 ? parts.filter((part, place) => part !== '' || place > 0) : text.trim();
}

interface HeadersFieldProps {
  headers: unknown;
  error: string | undefined;
  onChange: (headers: Record<string, string> | undefined) => void;
}

const linesOf = (headers: unknown): string =>
  Object.entries((headers ?? {}) as Record<string, unknown>)
    .map(([name, value]) => `${name}: ${textOf(value)}`)
    .join('\n');

function headersOf(text: string): Record<string, string> | undefined {
  const entries = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const colon = line.indexOf(':');
      return colon < 0
        ? ([line.trim(), ''] as const)
        : ([line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const);
    });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** The text stays as it is typed, so that a half-written line does not jump. */
function HeadersField({ headers, error, onChange }: HeadersFieldProps) {
  const [text, setText] = useState(() => linesOf(headers));
  return (
    <Textarea
      label={messages.headers}
      description={messages.headersHint}
      value={text}
      error={error}
      onChange={(event) => {
        setText(event.currentTarget.value);
        onChange(headersOf(event.currentTarget.value));
      }}
      classNames={{ input: 'mono' }}
      autosize
      minRows={2}
      maxRows={10}
      spellCheck={false}
    />
  );
}
