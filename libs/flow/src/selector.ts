/** One selector as the Recorder writes it, taken apart. */
export type Selector =
  | { readonly kind: 'css'; readonly css: string }
  | { readonly kind: 'aria'; readonly name: string; readonly role: string | undefined }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'xpath'; readonly xpath: string }
  /** CSS that looks into every open shadow root. */
  | { readonly kind: 'pierce'; readonly css: string };

const ARIA_ATTRIBUTE = /\[\s*(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)')\s*\]\s*$/;

/** Reads a selector; a string instead of one says what is wrong with it. */
export function parseSelector(written: string): Selector | string {
  const slash = written.indexOf('/');
  const rest = written.slice(slash + 1);
  switch (written.slice(0, slash + 1)) {
    case 'aria/':
      return parseAria(rest);
    case 'text/':
      return rest.trim() === '' ? 'no text after "text/"' : { kind: 'text', text: rest };
    case 'xpath/':
      return rest.trim() === '' ? 'no path after "xpath/"' : { kind: 'xpath', xpath: rest };
    case 'pierce/':
      return rest.trim() === '' ? 'no CSS after "pierce/"' : { kind: 'pierce', css: rest };
    default:
      return written.trim() === '' ? 'it is blank' : { kind: 'css', css: written };
  }
}

/** `Name[role="button"]`, or `[name="Save"][role="button"]`; either part may be missing, not both. */
function parseAria(rest: string): Selector | string {
  let before = rest;
  let name: string | undefined;
  let role: string | undefined;
  for (let match = ARIA_ATTRIBUTE.exec(before); match; match = ARIA_ATTRIBUTE.exec(before)) {
    const value = match[2] ?? match[3] ?? '';
    if (match[1] === 'role') role = value;
    else if (match[1] === 'name') name = value;
    else return `unknown attribute "${match[1]}" after "aria/"`;
    before = before.slice(0, match.index);
  }
  name ??= before.trim();
  if (name === '' && role === undefined) return 'neither a name nor a role after "aria/"';
  return { kind: 'aria', name, role };
}
