/** Names of what the module hands to its parts. */
export const EVENT_LOG = Symbol('event log');
export const CLOCK = Symbol('clock');
export const LOGGER = Symbol('logger');
