import { Button, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes } from 'react';

type AnchorButtonProps = ButtonProps &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ButtonProps> & {
    ref?: React.Ref<HTMLAnchorElement>;
  };

/** Looks like a button, is a link: it can be opened in another tab. */
export const LinkButton = createLink((props: AnchorButtonProps) => (
  <Button component="a" {...props} />
));
