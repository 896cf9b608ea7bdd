import { done } from '../kit/toast.js';
import { messages } from './messages.js';

export function copyLink(href: string): void {
  const { href: whole } = new URL(href, location.href);
  void navigator.clipboard?.writeText(whole).then(() => done(messages.linkCopied, whole));
}
