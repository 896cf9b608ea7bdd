import { usePreference } from '../preferences.js';
import classes from './table.module.css';

export interface TableColumn {
  key: string;
  label: string;
  align?: 'end';
  /** The label is for screen readers only. */
  quiet?: boolean;
}

interface TableProps {
  label?: string | undefined;
  columns: readonly TableColumn[];
  className?: string | undefined;
  /** The rows, or bodies of rows that belong together. */
  children: React.ReactNode;
}

/** A short list as a table that scrolls sideways when it must; long lists are grids. */
export function Table({ label, columns, className, children }: TableProps) {
  return (
    <div className={classes.scroll}>
      <table
        className={`${classes.table} ${className ?? ''}`}
        aria-label={label}
        data-density={usePreference('density')}
      >
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" data-align={column.align}>
                <span className={column.quiet ? 'visually-hidden' : undefined}>{column.label}</span>
              </th>
            ))}
          </tr>
        </thead>
        {children}
      </table>
    </div>
  );
}

/** A second, quieter line in a cell. */
export function Under({ children }: { children: React.ReactNode }) {
  return <span className={classes.under}>{children}</span>;
}
