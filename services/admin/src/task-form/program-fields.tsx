import { Select } from '@mantine/core';
import { lazy, Suspense, useId } from 'react';
import type { Language } from '../kit/code-editor.js';
import { Bones } from '../kit/states.js';
import classes from './form.module.css';
import { messages } from './messages.js';

const CodeEditor = lazy(async () => ({
  default: (await import('../kit/code-editor.js')).CodeEditor,
}));

const programs = ['script.run', 'shell.run'] as const;
export type Program = (typeof programs)[number];

export const isProgram = (systemTask: string): systemTask is Program =>
  (programs as readonly string[]).includes(systemTask);

/** The dialects of a program, the default first; the parameter that names one. */
const dialects = {
  'script.run': { parameter: 'language', values: ['typescript', 'javascript'] },
  'shell.run': { parameter: 'shell', values: ['sh', 'bash'] },
} as const;

const networks = ['full', 'none'] as const;

interface ProgramFieldsProps {
  program: Program;
  parameters: Record<string, unknown>;
  problem: string | undefined;
  onChange: (parameters: Record<string, unknown>) => void;
}

/** A program is never a template: what differs from run to run reaches it as its parameters. */
export function ProgramFields({ program, parameters, problem, onChange }: ProgramFieldsProps) {
  const hint = useId();
  const { parameter, values } = dialects[program];
  const dialect = String(parameters[parameter] ?? values[0]);
  const language: Language =
    program === 'shell.run' ? 'shell' : dialect === 'javascript' ? 'javascript' : 'typescript';
  return (
    <div className={classes.fields}>
      <div className={classes.twoFields}>
        <Select
          label={messages.dialect}
          data={values.map((value) => ({ value, label: messages.dialects[value] ?? value }))}
          value={dialect}
          allowDeselect={false}
          onChange={(value) => value && onChange({ ...parameters, [parameter]: value })}
        />
        <Select
          label={messages.network}
          data={networks.map((value) => ({ value, label: messages.networks[value] }))}
          value={String(parameters['network'] ?? 'full')}
          allowDeselect={false}
          onChange={(value) => value && onChange({ ...parameters, network: value })}
        />
      </div>
      <div>
        <p className={classes.editorLabel}>{messages.script}</p>
        <Suspense fallback={<Bones lines={6} />}>
          <CodeEditor
            value={String(parameters['script'] ?? '')}
            language={language}
            label={messages.script}
            describedBy={hint}
            onChange={(script) => onChange({ ...parameters, script })}
          />
        </Suspense>
        <p id={hint} className={problem ? classes.wrong : classes.hint}>
          {problem ?? (program === 'script.run' ? messages.scriptHint : messages.shellHint)}
        </p>
      </div>
    </div>
  );
}
