import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/** Nest's own words in our log; how it wired itself up interests nobody but a debugger. */
export function nestLogger(log: Logger): LoggerService {
  const contextOf = (rest: unknown[]) => {
    const last = rest.at(-1);
    return typeof last === 'string' ? { context: last } : {};
  };
  return {
    log: (message, ...rest) => log.debug(contextOf(rest), String(message)),
    warn: (message, ...rest) => log.warn(contextOf(rest), String(message)),
    error: (message, ...rest) => log.error(contextOf(rest), String(message)),
    fatal: (message, ...rest) => log.fatal(contextOf(rest), String(message)),
    debug: (message, ...rest) => log.trace(contextOf(rest), String(message)),
    verbose: (message, ...rest) => log.trace(contextOf(rest), String(message)),
  };
}
