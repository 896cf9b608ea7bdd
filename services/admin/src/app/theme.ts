import {
  createTheme,
  localStorageColorSchemeManager,
  type VariantColorsResolver,
} from '@mantine/core';

import { messages } from './messages.js';

/** Read before the first paint by `public/first-paint.js`, under the same key. */
export const colorScheme = localStorageColorSchemeManager({ key: 'carillon.theme' });

export const colorSchemes = [
  { value: 'auto', label: messages.themeAuto },
  { value: 'light', label: messages.themeLight },
  { value: 'dark', label: messages.themeDark },
] as const;

/** A button is ink, quiet or dangerous; blue stays free for "running". */
const variantColorResolver: VariantColorsResolver = ({ variant, color }) => {
  const tone = color === 'danger' ? 'var(--danger)' : 'var(--ink)';
  switch (variant) {
    case 'filled':
      return {
        background: tone,
        hover: color === 'danger' ? tone : 'var(--ink-hover)',
        color: 'var(--on-ink)',
        border: '1px solid transparent',
      };
    case 'subtle':
    case 'transparent':
      return {
        background: 'transparent',
        hover: 'var(--hover)',
        color: color === 'danger' ? tone : 'var(--text)',
        border: '1px solid transparent',
      };
    default:
      return {
        background: 'var(--bg)',
        hover: 'var(--hover)',
        color: color === 'danger' ? tone : 'var(--text)',
        border: '1px solid var(--border)',
      };
  }
};

/** Ten equal shades satisfy the kit's type; `tokens.css` says what the colour really is. */
const ink = ['', '', '', '', '', '', '', '', '', ''].map(() => 'var(--ink)') as unknown as [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
];

const QUICK = { duration: 120 };

export const theme = createTheme({
  colors: { ink },
  primaryColor: 'ink',
  cursorType: 'pointer',
  focusRing: 'auto',
  variantColorResolver,
  components: {
    Button: { defaultProps: { size: 'sm', variant: 'default' } },
    ActionIcon: { defaultProps: { size: 'md', variant: 'subtle' } },
    Switch: { defaultProps: { withThumbIndicator: false } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: false, fz: 12 } },
    Menu: {
      defaultProps: {
        transitionProps: QUICK,
        position: 'bottom-end',
        shadow: 'none',
        // It would put an element into the menu that is no item of it.
        withInitialFocusPlaceholder: false,
      },
    },
    // The kit's scroll lock writes a style element, which a strict policy forbids.
    Modal: { defaultProps: { transitionProps: QUICK, centered: true, lockScroll: false } },
  },
});
