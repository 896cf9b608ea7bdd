/** Text of a caller in a text of ours: short, and on one line. */
export function shown(text: string): string {
  const plain = text.toWellFormed().replace(/[\p{Cc}\p{Cf}`]/gu, '?');
  return plain.length > 80 ? `${plain.slice(0, 79)}…` : plain;
}

/** With a capital and a full stop. */
export function sentence(text: string): string {
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}
