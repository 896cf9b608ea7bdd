import { Modal } from '@mantine/core';
import { IconDownload, IconFile } from '@tabler/icons-react';
import { useState } from 'react';
import { formatBytes } from '../numbers.js';
import { isOpen } from '../status/status.js';
import { messages } from './messages.js';
import classes from './run.module.css';
import type { Run, RunArtifact } from './run-document.js';

/** Files of all attempts, the newest attempt first, each once. */
function filesOf(run: Run): readonly RunArtifact[] {
  const files = [
    ...run.artifacts,
    ...[...run.attempts].reverse().flatMap((each) => each.artifacts),
  ];
  return files.filter((file, place) => files.findIndex((each) => each.url === file.url) === place);
}

const isPicture = (file: RunArtifact): boolean => file.mediaType.startsWith('image/');

export function RunArtifacts({ run }: { run: Run }) {
  const files = filesOf(run);
  const [open, setOpen] = useState<RunArtifact>();
  if (files.length === 0)
    return (
      <p className="muted">{isOpen(run.status) ? messages.noArtifactsYet : messages.noArtifacts}</p>
    );
  return (
    <>
      <ul className={classes.pictures}>
        {files.filter(isPicture).map((file, place) => (
          <li key={file.url} className={place === 0 ? classes.first : classes.small}>
            <button type="button" onClick={() => setOpen(file)}>
              <img src={file.url} alt="" loading="lazy" />
              <span>
                {file.name} <span className="muted num">{formatBytes(file.sizeBytes)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <ul className={classes.files}>
        {files
          .filter((file) => !isPicture(file))
          .map((file) => (
            <li key={file.url}>
              <IconFile size={15} stroke={1.6} aria-hidden="true" />
              <a href={file.url} download={file.name} className="truncate">
                {file.name}
              </a>
              <span className="muted num">{formatBytes(file.sizeBytes)}</span>
            </li>
          ))}
      </ul>
      {open ? (
        <Modal
          opened
          onClose={() => setOpen(undefined)}
          size="auto"
          title={open.name}
          closeButtonProps={{ 'aria-label': messages.closePicture }}
        >
          <img src={open.url} alt={open.name} className={classes.picture} />
          <p className={classes.pictureFoot}>
            <a href={open.url} download={open.name} className="link">
              <IconDownload size={14} /> {messages.download}
            </a>
          </p>
        </Modal>
      ) : null}
    </>
  );
}
