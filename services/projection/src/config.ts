import { SettingsInvalid } from '#libs/runtime';

/** The one setting that everybody else may leave out: this service is about the database. */
export function databaseUrlOf(settings: { readonly databaseUrl: string | undefined }): string {
  if (settings.databaseUrl) return settings.databaseUrl;
  throw new SettingsInvalid([
    { name: 'DATABASE_URL', problem: 'must be set: the read tables are kept there' },
  ]);
}
