import { ActionIcon, Menu, Tooltip, useMantineColorScheme } from '@mantine/core';
import { IconCheck, IconDeviceDesktop, IconKeyboard, IconMoon, IconSun } from '@tabler/icons-react';
import { serverNow } from '../clock.js';
import { setPreference, usePreference } from '../preferences.js';
import { localZone, zoneAbbreviation } from '../time/time.js';
import { LiveIndicator } from './live-indicator.js';
import { messages } from './messages.js';
import { type Crumb, Crumbs } from './page.js';
import classes from './shell.module.css';

interface TopBarProps {
  crumbs: readonly Crumb[];
  onShortcuts: () => void;
}

export function TopBar({ crumbs, onShortcuts }: TopBarProps) {
  return (
    <header className={classes.top}>
      <Crumbs crumbs={crumbs} />
      <div className={classes.tools}>
        <LiveIndicator />
        <ZoneSwitch />
        <ThemeMenu />
        <Tooltip label={`${messages.shortcuts} (?)`}>
          <ActionIcon aria-label={messages.shortcuts} onClick={onShortcuts}>
            <IconKeyboard size={18} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </div>
    </header>
  );
}

/** Two radio buttons: one zone for every time of the page that is not a schedule's own. */
function ZoneSwitch() {
  const zone = usePreference('zone');
  const local = localZone();
  const options = [
    ['local', zoneAbbreviation(serverNow(), local), `${messages.zoneLocal}: ${local}`],
    ['utc', messages.zoneUtc, messages.zoneUtc],
  ] as const;
  return (
    <fieldset className={classes.zone}>
      <legend className="visually-hidden">{messages.zone}</legend>
      {options.map(([value, label, title]) => (
        <label key={value} title={`${messages.zone}: ${title} (z)`} data-on={zone === value}>
          <input
            type="radio"
            name="zone"
            className="visually-hidden"
            checked={zone === value}
            onChange={() => setPreference('zone', value)}
          />
          {value === 'local' && label === messages.zoneUtc ? messages.zoneLocal : label}
        </label>
      ))}
    </fieldset>
  );
}

const schemes = [
  ['auto', messages.themeAuto, IconDeviceDesktop],
  ['light', messages.themeLight, IconSun],
  ['dark', messages.themeDark, IconMoon],
] as const;

function ThemeMenu() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon aria-label={messages.theme}>
          <IconSun size={18} stroke={1.6} className={classes.lightOnly} />
          <IconMoon size={18} stroke={1.6} className={classes.darkOnly} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {schemes.map(([value, label, Icon]) => (
          <Menu.Item
            key={value}
            role="menuitemradio"
            aria-checked={colorScheme === value}
            leftSection={<Icon size={15} stroke={1.7} />}
            rightSection={colorScheme === value ? <IconCheck size={14} /> : null}
            onClick={() => setColorScheme(value)}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
