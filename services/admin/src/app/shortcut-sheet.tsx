import { Modal, Switch } from '@mantine/core';
import { setPreference, usePreference } from '../preferences.js';
import { keyCaps } from './key-names.js';
import { messages } from './messages.js';
import classes from './shell.module.css';
import { registeredShortcuts } from './shortcuts.js';

export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const on = usePreference('shortcuts');
  return (
    <Modal
      opened
      onClose={onClose}
      title={messages.shortcuts}
      size={560}
      closeButtonProps={{ 'aria-label': messages.close }}
    >
      <div className={classes.sheet}>
        {registeredShortcuts().map((group) => (
          <section key={group.title}>
            <h2>{group.title}</h2>
            <dl>
              {group.shortcuts.map((shortcut) => (
                <div key={shortcut.keys}>
                  <dt>{shortcut.label}</dt>
                  <dd>
                    {keyCaps(shortcut.keys).map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <Switch
        className={classes.sheetSwitch}
        checked={on}
        onChange={(event) => setPreference('shortcuts', event.currentTarget.checked)}
        label={messages.shortcutsOn}
        description={messages.shortcutsNote}
      />
    </Modal>
  );
}
