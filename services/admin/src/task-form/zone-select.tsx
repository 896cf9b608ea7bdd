import { Select } from '@mantine/core';
import { useMemo } from 'react';
import { localZone } from '../time/time.js';
import { messages } from './messages.js';

/** The zones of the browser; the schedule's own is always among them, UTC and ours come first. */
function zonesWith(value: string): string[] {
  const first = ['UTC', localZone()];
  return [...new Set([...first, value, ...Intl.supportedValuesOf('timeZone')])];
}

const SHOWN = 60;

interface ZoneSelectProps {
  value: string;
  error: string | undefined;
  onChange: (zone: string) => void;
}

export function ZoneSelect({ value, error, onChange }: ZoneSelectProps) {
  const zones = useMemo(() => zonesWith(value), [value]);
  return (
    <Select
      label={messages.zone}
      data={zones}
      value={value}
      error={error}
      onChange={(zone) => zone && onChange(zone)}
      searchable
      allowDeselect={false}
      limit={SHOWN}
      maxDropdownHeight={280}
    />
  );
}
