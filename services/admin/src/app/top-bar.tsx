import { ActionIcon, Menu, Tooltip, useMantineColorScheme } from '@mantine/core';
import {
  IconCheck,
  IconDeviceDesktop,
  IconKeyboard,
  IconMoon,
  IconSearch,
  IconSun,
} from '@tabler/icons-react';
import { serverNow } from '../clock.js';
import { densities, setPreference, usePreference } from '../preferences.js';
import { localZone, zoneAbbreviation } from '../time/time.js';
import { MOD } from './key-names.js';
import { LiveIndicator } from './live-indicator.js';
import { messages } from './messages.js';
import { type Crumb, Crumbs } from './page.js';
import classes from './shell.module.css';
import { colorSchemes } from './theme.js';

interface TopBarProps {
  crumbs: readonly Crumb[];
  onPalette: () => void;
  onShortcuts: () => void;
}

export function TopBar({ crumbs, onPalette, onShortcuts }: TopBarProps) {
  return (
    <header className={classes.top}>
      <Crumbs crumbs={crumbs} />
      <div className={classes.tools}>
        <LiveIndicator />
        <button type="button" className={classes.palette} onClick={onPalette}>
          <IconSearch size={15} stroke={1.8} aria-hidden="true" />
          <span>{messages.find}</span>
          <kbd>{MOD} K</kbd>
        </button>
        <ZoneSwitch />
        <DisplayMenu />
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

const schemeIcons = { auto: IconDeviceDesktop, light: IconSun, dark: IconMoon };

interface ChoiceProps {
  label: string;
  icon?: React.ReactNode;
  isOn: boolean;
  onChoose: () => void;
}

function Choice({ label, icon, isOn, onChoose }: ChoiceProps) {
  return (
    <Menu.Item
      role="menuitemradio"
      aria-checked={isOn}
      leftSection={icon}
      rightSection={isOn ? <IconCheck size={14} /> : null}
      onClick={onChoose}
    >
      {label}
    </Menu.Item>
  );
}

function DisplayMenu() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const density = usePreference('density');
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon aria-label={messages.display}>
          <IconSun size={18} stroke={1.6} className={classes.lightOnly} />
          <IconMoon size={18} stroke={1.6} className={classes.darkOnly} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{messages.theme}</Menu.Label>
        {colorSchemes.map(({ value, label }) => {
          const Icon = schemeIcons[value];
          return (
            <Choice
              key={value}
              label={label}
              icon={<Icon size={15} stroke={1.7} />}
              isOn={colorScheme === value}
              onChoose={() => setColorScheme(value)}
            />
          );
        })}
        <Menu.Divider />
        <Menu.Label>{messages.density}</Menu.Label>
        {densities.map((value) => (
          <Choice
            key={value}
            label={messages.densities[value]}
            isOn={density === value}
            onChoose={() => setPreference('density', value)}
          />
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
