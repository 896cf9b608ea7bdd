import { Button, FileButton, Textarea, TextInput } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { FLOW_LIMITS } from '#libs/flow';
import { useShortcuts } from '../app/shortcuts.js';
import type { Refusal } from '../graphql/actions.js';
import { Panel } from '../kit/panel.js';
import { done, refused } from '../kit/toast.js';
import { reasonOf } from '../kit/use-action.js';
import { saveAutomation } from './automation-documents.js';
import classes from './automations.module.css';
import { readFlow } from './flow-check.js';
import { FlowReportView } from './flow-report.js';
import { messages } from './messages.js';

interface FlowEditorProps {
  id?: string;
  name: string;
  json: string;
  onSaved: (id: string) => void;
  onCancel: () => void;
}

/** Paste, drop or choose; the steps are read as they are typed, and refused by step. */
export function FlowEditor({
  id,
  name: givenName,
  json: givenJson,
  onSaved,
  onCancel,
}: FlowEditorProps) {
  const [name, setName] = useState(givenName);
  const [json, setJson] = useState(givenJson);
  const [missing, setMissing] = useState(false);
  const [saving, setSaving] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const text = useDeferredValue(json);
  const report = useMemo(() => (text.trim() === '' ? undefined : readFlow(text)), [text]);
  const shownName = name === '' ? (report?.title ?? '') : name;

  const take = (file: File | null | undefined): void => {
    if (!file) return;
    if (file.size > FLOW_LIMITS.flowBytes) refused(messages.json, messages.tooLarge);
    else void file.text().then(setJson);
  };
  const save = (): void => {
    const wanted = shownName.trim();
    setMissing(wanted === '');
    if (wanted === '' || saving || !report?.ok) return;
    setSaving(true);
    setRefusal(undefined);
    void saveAutomation(id, wanted, JSON.parse(json))
      .then((answer) => {
        if (!answer.ok) return setRefusal(answer.refusal);
        done(messages.saved(answer.value.name));
        onSaved(answer.value.id);
      })
      .finally(() => setSaving(false));
  };
  useShortcuts(messages.automations, [{ keys: 'mod+Enter', label: messages.save, run: save }]);

  return (
    <div className={classes.editor}>
      <div className={classes.column}>
        <TextInput
          label={messages.name}
          value={shownName}
          error={missing ? messages.nameMissing : undefined}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Textarea
          label={messages.json}
          description={messages.jsonHint}
          value={json}
          onChange={(event) => setJson(event.currentTarget.value)}
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault();
            take(event.dataTransfer.files[0]);
          }}
          classNames={{ input: 'mono' }}
          rows={22}
          spellCheck={false}
        />
        {refusal ? (
          <p className={classes.refusal} role="alert">
            {reasonOf(refusal)}
          </p>
        ) : null}
        <div className={classes.foot}>
          <FileButton accept="application/json,.json" onChange={take}>
            {(props) => (
              <Button {...props} leftSection={<IconFileUpload size={15} stroke={1.7} />}>
                {messages.choose}
              </Button>
            )}
          </FileButton>
          <Button onClick={onCancel}>{messages.cancel}</Button>
          <Button variant="filled" loading={saving} disabled={!report?.ok} onClick={save}>
            {id === undefined ? messages.save : messages.saveVersion}
          </Button>
        </div>
      </div>
      <Panel title={messages.check}>
        <FlowReportView report={report} />
      </Panel>
    </div>
  );
}
