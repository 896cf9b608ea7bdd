import { Readable } from 'node:stream';
import { Objm } from '@nats-io/obj';
import { StreamableFile } from '@nestjs/common';
import { type FastifyReply } from 'fastify';
import { type ArtifactRow } from '#libs/read-model';
import { type GatewayParts } from '../gateway-parts.js';
import { type Caller } from '../identity.js';
import { shown } from '../problems/plain-text.js';
import { RequestProblem } from '../problems/problem.js';
import { unknownExecution } from '../problems/unknown.js';
import { attemptsOfExecutions, findExecution } from '../queries/executions.js';
import { pagePolicy } from './server/headers.js';

const BUCKET = 'artifacts';
/** Shown in the page; everything else is a download. An SVG is a document, and could hold scripts. */
const SHOWN_TYPES = new Set([
  'image/png',
  'image/jpeg',
  'image/webp',
  'image/gif',
  'text/plain',
  'application/json',
]);

export interface ArtifactAsked {
  readonly executionId: string;
  readonly attempt: string;
  readonly name: string;
}

/**
 * Streams a file that an attempt left behind. It was made by a page of a stranger, so it is never
 * given a right: a type of a short list, no sniffing, and a policy under which nothing in it runs.
 */
export async function sendArtifact(
  { db, nc }: GatewayParts,
  { account }: Caller,
  asked: ArtifactAsked,
  reply: FastifyReply,
): Promise<StreamableFile> {
  const { executionId, name } = asked;
  if (!(await findExecution(db, account, executionId))) throw unknownExecution(executionId);
  const attempts = await attemptsOfExecutions(db, account, [executionId]);
  const artifact = attempts
    // A later release of the same attempt comes later.
    .filter(({ attempt }) => String(attempt) === asked.attempt)
    .flatMap(({ artifacts }) => artifacts)
    .findLast((one) => one.name === name);
  if (artifact === undefined || !artifact.objectKey.startsWith(`${account}/${executionId}/`))
    throw unknownArtifact(name);
  const store = await new Objm(nc).open(BUCKET);
  const object = await store.get(artifact.objectKey);
  if (object === null) throw unknownArtifact(name);
  tellType(reply, artifact);
  return new StreamableFile(
    Readable.fromWeb(object.data as Parameters<typeof Readable.fromWeb>[0]),
    {
      length: object.info.size,
    },
  );
}

function tellType(reply: FastifyReply, { name, mediaType }: ArtifactRow): void {
  const type = mediaType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const isShown = SHOWN_TYPES.has(type);
  const charset = type === 'text/plain' || type === 'application/json' ? '; charset=utf-8' : '';
  pagePolicy(reply, { 'form-action': "'none'", sandbox: '' });
  reply
    .header('content-type', isShown ? `${type}${charset}` : 'application/octet-stream')
    .header(
      'content-disposition',
      `${isShown ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(name.toWellFormed())}`,
    )
    .header('cache-control', 'private, max-age=3600');
}

function unknownArtifact(name: string): RequestProblem {
  return new RequestProblem('artifact-unknown', `The attempt has no artifact \`${shown(name)}\`.`);
}
