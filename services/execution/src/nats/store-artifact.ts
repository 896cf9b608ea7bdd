import { createReadStream } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { Readable } from 'node:stream';
import { StorageType } from '@nats-io/jetstream';
import { type ObjectStore, Objm } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import { attempt as a, create } from '#libs/contracts';
import { LIMITS } from '../limits.js';

const BUCKET = 'artifacts';
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Why a file is not kept; told in the attempt's log. */
export class ArtifactRefused extends Error {
  readonly code = 'ARTIFACT_REFUSED';
}

export interface ArtifactFile {
  readonly name: string;
  readonly mediaType: string;
  readonly file: string;
  /** The only folder that a file may come from. */
  readonly scratch: string;
  readonly attempt: a.OfferedAttempt;
}

/** Keeps files of attempts in the object store. The bucket is made when it is first needed. */
export class ArtifactStore {
  readonly #nc: NatsConnection;
  readonly #replicas: number;
  #bucket: Promise<ObjectStore> | undefined;

  constructor(nc: NatsConnection, replicas: number) {
    this.#nc = nc;
    this.#replicas = replicas;
  }

  async keep(wanted: ArtifactFile): Promise<a.Artifact> {
    const { name, mediaType, file, attempt } = wanted;
    if (!NAME.test(name)) throw new ArtifactRefused(`"${name}" is not a name for an artifact`);
    const sizeBytes = await sizeOf(wanted);
    const objectKey = `${attempt.account}/${attempt.executionId}/${attempt.attempt}-${attempt.fence}/${name}`;
    const bucket = await this.#open();
    await bucket.put(
      { name: objectKey, metadata: { 'media-type': mediaType } },
      Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>,
      { timeout: LIMITS.artifactStoreMs },
    );
    return create(a.ArtifactSchema, { name, mediaType, sizeBytes, objectKey });
  }

  #open(): Promise<ObjectStore> {
    this.#bucket ??= new Objm(this.#nc)
      .create(BUCKET, {
        storage: StorageType.File,
        replicas: this.#replicas,
        description: 'Screenshots and files of attempts',
      })
      .catch((error: unknown) => {
        this.#bucket = undefined;
        throw error;
      });
    return this.#bucket;
  }
}

/** A link out of the scratch folder would give away any file that the worker can read. */
async function sizeOf({ file, scratch, name }: ArtifactFile): Promise<number> {
  const [stat, real, root] = await Promise.all([lstat(file), realpath(file), realpath(scratch)]);
  if (!stat.isFile() || !real.startsWith(`${root}${sep}`))
    throw new ArtifactRefused(`${name} is not a file of the attempt`);
  if (stat.size > LIMITS.artifactBytes)
    throw new ArtifactRefused(`${name} is larger than ${LIMITS.artifactBytes} bytes`);
  return stat.size;
}
