import { type CommonSettings, commonSettings, readSettings } from '#libs/runtime';

export interface StartSettings extends CommonSettings {
  /** The environment that they came from, to be handed on. */
  readonly env: NodeJS.ProcessEnv;
  readonly isNatsGiven: boolean;
}

/** The settings of the launcher. */
export function readStartSettings(): StartSettings {
  const { env } = process;
  const settings = readSettings({ common: commonSettings }, { env });
  // A service has a default address to look at; here no address means a server of our own.
  const byDefault = commonSettings.natsUrl.schema.parse(undefined);
  const isNatsGiven = Boolean(env['NATS_URL']) || settings.natsUrl !== byDefault;
  return { ...settings, env, isNatsGiven };
}

/** The environment as the finders read it, with what the file says about them. */
export function partsEnv(settings: StartSettings): NodeJS.ProcessEnv {
  return {
    ...settings.env,
    CARILLON_NATS_SERVER: settings.natsServer,
    CARILLON_CHROMIUM: settings.chromium,
  };
}
