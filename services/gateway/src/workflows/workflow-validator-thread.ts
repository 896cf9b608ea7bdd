/** Looks at definitions of workflows, one a message. */
import { parentPort } from 'node:worker_threads';
import { JqThread, validateWorkflow } from '#libs/workflow';
import { type Validated } from './workflow-validator.js';

const jq = new JqThread();

async function look(source: string): Promise<Validated> {
  const result = await validateWorkflow(source, jq);
  if (!result.ok) return result;
  const { namespace, name, version } = result.workflow.document;
  return { ok: true, reference: `${namespace}/${name}:${version}`, title: name };
}

parentPort?.on('message', (source: string) => {
  void look(source).then((validated) => parentPort?.postMessage(validated));
});
