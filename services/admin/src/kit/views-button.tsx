import { ActionIcon, Button, Modal, TextInput, Tooltip } from '@mantine/core';
import { IconBookmark, IconStar, IconStarFilled, IconTrash } from '@tabler/icons-react';
import { useLocation, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { removeView, type SavedView, saveView, toggleDefault, useViews } from '../app/views.js';
import { messages } from './messages.js';
import { done } from './toast.js';
import classes from './views.module.css';

/** The saved views of this page: gone to, made the default, and made of what is shown now. */
export function ViewsButton() {
  const [open, setOpen] = useState(false);
  const page = useLocation({ select: ({ pathname }) => pathname });
  const count = useViews().filter((view) => view.page === page).length;
  return (
    <>
      <Button
        size="xs"
        variant="subtle"
        leftSection={<IconBookmark size={14} stroke={1.7} />}
        onClick={() => setOpen(true)}
      >
        {messages.views(count)}
      </Button>
      {open ? <ViewsDialog page={page} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function ViewsDialog({ page, onClose }: { page: string; onClose: () => void }) {
  const views = useViews().filter((view) => view.page === page);
  const search = useLocation({ select: ({ searchStr }) => searchStr });
  const [name, setName] = useState('');
  const save = (): void => {
    saveView({ page, name: name.trim(), search });
    done(messages.viewSaved(name.trim()));
    onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={messages.viewsTitle}
      size={480}
      closeButtonProps={{ 'aria-label': messages.close }}
    >
      {views.length === 0 ? <p className="muted">{messages.viewsNone}</p> : null}
      <ul className={classes.views}>
        {views.map((view) => (
          <ViewLine key={view.name} view={view} onGone={onClose} />
        ))}
      </ul>
      <form
        className={classes.save}
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') save();
        }}
      >
        <TextInput
          label={messages.viewName}
          description={search === '' ? messages.viewOfAll : <code>{search}</code>}
          value={name}
          maxLength={MAX_NAME}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" variant="filled" disabled={name.trim() === ''}>
          {messages.viewSave}
        </Button>
      </form>
    </Modal>
  );
}

const MAX_NAME = 60;

function ViewLine({ view, onGone }: { view: SavedView; onGone: () => void }) {
  const { history } = useRouter();
  const Star = view.isDefault ? IconStarFilled : IconStar;
  return (
    <li>
      <button
        type="button"
        className={classes.go}
        onClick={() => {
          history.push(`${view.page}${view.search}`);
          onGone();
        }}
      >
        <strong>{view.name}</strong>
        <code className="muted truncate">{view.search}</code>
      </button>
      <Tooltip label={messages.viewDefaultHint}>
        <ActionIcon
          aria-label={messages.viewDefault(view.name)}
          aria-pressed={view.isDefault ?? false}
          onClick={() => toggleDefault(view)}
        >
          <Star size={16} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <ActionIcon aria-label={messages.viewRemove(view.name)} onClick={() => removeView(view)}>
        <IconTrash size={16} stroke={1.7} />
      </ActionIcon>
    </li>
  );
}
