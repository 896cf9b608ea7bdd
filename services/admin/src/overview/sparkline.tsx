import classes from './overview.module.css';

const STEP = 4;
const BAR = 3;
const HEIGHT = 14;

/** A row of small bars beside a number: its shape, not its values. */
export function Sparkline({ values }: { values: readonly number[] }) {
  const most = Math.max(1, ...values);
  return (
    <svg
      className={classes.sparkline}
      width={values.length * STEP}
      height={HEIGHT}
      viewBox={`0 0 ${values.length * STEP} ${HEIGHT}`}
      aria-hidden="true"
    >
      {values.map((value, place) => {
        const height = Math.max(1, (value / most) * HEIGHT);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: hours are known by their place
          <rect key={place} x={place * STEP} y={HEIGHT - height} width={BAR} height={height} />
        );
      })}
    </svg>
  );
}
