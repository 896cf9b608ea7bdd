/** What of an address may be shown: where it leads, never who is let in. Lists have commas. */
export function withoutCredentials(addresses: string): string {
  return addresses
    .split(',')
    .map((address) => shown(address.trim()))
    .join(',');
}

function shown(address: string): string {
  const url = URL.parse(address);
  // What can't be read can't be cleaned, either.
  if (url === null) return '(no address)';
  url.username = '';
  url.password = '';
  // A driver may take a password from here as well.
  url.search = '';
  return url.href;
}
