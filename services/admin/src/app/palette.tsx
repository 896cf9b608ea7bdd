import { Modal } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { messages } from './messages.js';
import classes from './palette.module.css';
import type { Command } from './palette-commands.js';
import { usePaletteCommands } from './use-palette-commands.js';

/** One field that goes anywhere and does anything that the page can do. */
export function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const commands = usePaletteCommands(text);
  const before = useRef(document.activeElement);
  const id = useId();
  const chosen = Math.min(active, commands.length - 1);
  const close = (): void => {
    flushSync(onClose);
    // What acts on a row acts on the one that had the focus.
    if (before.current instanceof HTMLElement) before.current.focus({ preventScroll: true });
  };
  const run = (command: Command | undefined): void => {
    if (!command) return;
    close();
    command.run();
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by !== undefined) setActive((chosen + by + commands.length) % Math.max(1, commands.length));
    else if (event.key === 'Enter') run(commands[chosen]);
    else return;
    event.preventDefault();
  };
  useEffect(() => {
    document.getElementById(`${id}-${chosen}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, chosen]);
  return (
    <Modal
      opened
      onClose={close}
      returnFocus={false}
      withCloseButton={false}
      aria-label={messages.palette}
      size={600}
      padding={0}
      yOffset="12vh"
      centered={false}
    >
      <div className={classes.field}>
        <IconSearch size={17} stroke={1.8} aria-hidden="true" />
        <input
          data-autofocus
          role="combobox"
          aria-label={messages.palettePlaceholder}
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={commands.length > 0 ? `${id}-${chosen}` : undefined}
          placeholder={messages.palettePlaceholder}
          value={text}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => {
            setText(event.currentTarget.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div id={`${id}-list`} role="listbox" aria-label={messages.palette} className={classes.list}>
        {commands.map((command, place) => (
          <Line
            key={command.id}
            id={`${id}-${place}`}
            command={command}
            isFirst={commands[place - 1]?.group !== command.group}
            isChosen={place === chosen}
            onRun={() => run(command)}
          />
        ))}
      </div>
      {commands.length === 0 ? <p className={classes.none}>{messages.paletteNone}</p> : null}
    </Modal>
  );
}

interface LineProps {
  id: string;
  command: Command;
  /** The first of its group says what the group is. */
  isFirst: boolean;
  isChosen: boolean;
  onRun: () => void;
}

function Line({ id, command, isFirst, isChosen, onRun }: LineProps) {
  const { group, label, hint, icon: Icon } = command;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field handles the keys
    <div id={id} role="option" aria-selected={isChosen} className={classes.line} onClick={onRun}>
      <span className={classes.group} aria-hidden="true">
        {isFirst ? messages.paletteGroups[group] : ''}
      </span>
      <span className={classes.label}>
        {Icon ? <Icon size={15} stroke={1.7} aria-hidden="true" /> : null}
        <span className="truncate">{label}</span>
      </span>
      {hint ? <span className={classes.hint}>{hint}</span> : null}
    </div>
  );
}
