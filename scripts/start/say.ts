const NAME_WIDTH = 10;

/** One line about one part of what is being started. */
export function sayPart(name: string, what: string): void {
  process.stdout.write(`  ${name.padEnd(NAME_WIDTH)}${what}\n`);
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
