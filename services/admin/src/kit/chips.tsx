import classes from './kit.module.css';

interface Chip<T extends string> {
  value: T;
  label: React.ReactNode;
  count?: number | undefined;
}

interface ChipsProps<T extends string> {
  label: string;
  chips: readonly Chip<T>[];
  chosen: readonly T[];
  onChange: (chosen: readonly T[]) => void;
}

/** Any number of a few: each is a button that is pressed or not. */
export function Chips<T extends string>({ label, chips, chosen, onChange }: ChipsProps<T>) {
  return (
    <fieldset className={classes.chips}>
      <legend className="visually-hidden">{label}</legend>
      {chips.map((chip) => {
        const on = chosen.includes(chip.value);
        return (
          <button
            key={chip.value}
            type="button"
            aria-pressed={on}
            onClick={() =>
              onChange(on ? chosen.filter((each) => each !== chip.value) : [...chosen, chip.value])
            }
          >
            {chip.label}
            {chip.count === undefined ? null : (
              <span className={classes.chipCount}>{chip.count}</span>
            )}
          </button>
        );
      })}
    </fieldset>
  );
}
