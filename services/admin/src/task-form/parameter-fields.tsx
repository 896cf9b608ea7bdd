import { NumberInput, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { readObject } from '../kit/read-object.js';
import { type Draft, type Problem, problemAt } from './draft.js';
import classes from './form.module.css';
import { HttpFields } from './http-fields.js';
import { messages } from './messages.js';
import { isProgram, ProgramFields } from './program-fields.js';

interface ParameterFieldsProps {
  draft: Draft;
  problems: readonly Problem[];
  /** Names that the chosen flow's templates need. */
  names: readonly string[] | undefined;
  onChange: (change: Partial<Draft>) => void;
}

/** The same parameters as a form or as JSON; what the form does not know, it leaves alone. */
export function ParameterFields({ draft, problems, names, onChange }: ParameterFieldsProps) {
  const hasForm = draft.type !== 'workflow';
  const [asJson, setAsJson] = useState(false);
  const json = asJson || !hasForm;
  return (
    <>
      <div className={classes.sectionBar}>
        <h3>{messages.parameters}</h3>
        {hasForm ? (
          <fieldset className={classes.modes}>
            <legend className="visually-hidden">{messages.parameters}</legend>
            {[false, true].map((mode) => (
              <button
                key={`${mode}`}
                type="button"
                aria-pressed={json === mode}
                disabled={draft.parametersText !== undefined}
                onClick={() => setAsJson(mode)}
              >
                {mode ? messages.asJson : messages.asForm}
              </button>
            ))}
          </fieldset>
        ) : null}
      </div>
      {json ? (
        <JsonField draft={draft} problems={problems} onChange={onChange} />
      ) : (
        <FormOf draft={draft} problems={problems} names={names} onChange={onChange} />
      )}
    </>
  );
}

function FormOf({ draft, problems, names, onChange }: ParameterFieldsProps) {
  const { parameters } = draft;
  const set = (next: Record<string, unknown>): void => onChange({ parameters: next });
  if (draft.type === 'system' && draft.systemTask === 'http.request')
    return (
      <HttpFields
        parameters={parameters}
        problemOf={(field) => problemAt(problems, `/parameters/${field}`)}
        onChange={set}
      />
    );
  if (draft.type === 'system' && isProgram(draft.systemTask))
    return (
      <ProgramFields
        program={draft.systemTask}
        parameters={parameters}
        problem={problemAt(problems, '/parameters')}
        onChange={set}
      />
    );
  if (draft.type === 'system')
    return (
      <NumberInput
        label={messages.durationMs}
        min={0}
        value={Number(parameters['durationMs'] ?? 0)}
        error={problemAt(problems, '/parameters')}
        onChange={(value) => set({ ...parameters, durationMs: Number(value) })}
      />
    );
  if (names === undefined) return <p className="muted">{messages.automationFirst}</p>;
  if (names.length === 0) return <p className="muted">{messages.flowParametersNone}</p>;
  return (
    <div className={classes.twoFields}>
      {names.map((name) => (
        <TextInput
          key={name}
          label={<code>{name}</code>}
          value={String(parameters[name] ?? '')}
          error={problemAt(problems, `/parameters/${name}`)}
          onChange={(event) => set({ ...parameters, [name]: event.currentTarget.value })}
        />
      ))}
    </div>
  );
}

function JsonField({ draft, problems, onChange }: Omit<ParameterFieldsProps, 'names'>) {
  const [text, setText] = useState(() => JSON.stringify(draft.parameters, null, 2));
  const read = (next: string): void => {
    setText(next);
    const result = readObject(next);
    if ('object' in result) onChange({ parameters: result.object, parametersText: undefined });
    else onChange({ parametersText: result.reason });
  };
  const wrong =
    draft.parametersText === undefined ? undefined : messages.jsonInvalid(draft.parametersText);
  return (
    <Textarea
      aria-label={messages.parameters}
      description={messages.jsonHint}
      value={text}
      error={wrong ?? problemAt(problems, '/parameters')}
      onChange={(event) => read(event.currentTarget.value)}
      classNames={{ input: 'mono' }}
      autosize
      minRows={5}
      maxRows={24}
      spellCheck={false}
    />
  );
}
