import classes from './meter.module.css';

interface MeterProps {
  label: string;
  /** 0 to 1. */
  value: number;
  text: string;
  /** The label is for screen readers only. */
  plain?: boolean;
}

const HIGH = 0.85;

/** How full something is, as a bar and as a number. */
export function Meter({ label, value, text, plain = false }: MeterProps) {
  return (
    <label className={classes.meter} data-plain={plain}>
      <span className={plain ? 'visually-hidden' : 'muted'}>{label}</span>
      <meter min={0} max={1} high={HIGH} value={Math.min(1, value)}>
        {text}
      </meter>
      <span className="num">{text}</span>
    </label>
  );
}
