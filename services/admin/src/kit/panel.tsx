import { useId } from 'react';
import classes from './kit.module.css';

interface PanelProps {
  title: string;
  /** Beside the title: a count, a link. */
  aside?: React.ReactNode;
  /** Rows reach the panel's edges. */
  flush?: boolean;
  className?: string | undefined;
  children: React.ReactNode;
}

export function Panel({ title, aside, flush = false, className, children }: PanelProps) {
  const id = useId();
  return (
    <section className={`${classes.panel} ${className ?? ''}`} aria-labelledby={id}>
      <header className={classes.panelHead}>
        <h2 id={id}>{title}</h2>
        {aside === undefined ? null : <div className={classes.panelAside}>{aside}</div>}
      </header>
      <div className={flush ? classes.panelFlush : classes.panelBody}>{children}</div>
    </section>
  );
}
