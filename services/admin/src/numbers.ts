const counts = new Intl.NumberFormat('en-GB');
const shares = new Intl.NumberFormat('en-GB', { style: 'percent', maximumFractionDigits: 1 });

export const formatCount = (value: number): string => counts.format(value);

/** `10,000+` when the server stopped counting there. */
export const formatTotal = (value: number, exact: boolean): string =>
  `${formatCount(value)}${exact ? '' : '+'}`;

/** Never rounds a failure away: 99.96 % is not 100 %. */
export function formatShare(value: number): string {
  return shares.format(value < 1 ? Math.floor(value * 1000) / 1000 : value);
}

/** Exact to the millionth, and never rounded to nothing. */
export function formatCost(amount: number, currency: string | null): string {
  const money = new Intl.NumberFormat('en-GB', {
    ...(currency === null ? {} : { style: 'currency', currency }),
    minimumFractionDigits: 2,
    maximumFractionDigits: 6,
  });
  return money.format(amount);
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)} kB`;
  if (bytes < 1_000_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${(bytes / 1_000_000_000).toFixed(1)} GB`;
}
