import { type Density, usePreference } from '../preferences.js';

/** Rows of one line and of two, in pixels. Even the dense ones have room for a 24 px control. */
const ROW_PX: Record<Density, readonly [one: number, two: number]> = {
  comfortable: [40, 56],
  normal: [34, 48],
  dense: [26, 40],
};

export function useRowHeight(lines: 1 | 2): number {
  return ROW_PX[usePreference('density')][lines - 1] as number;
}
