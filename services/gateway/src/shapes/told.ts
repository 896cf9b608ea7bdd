import { z } from 'zod';

/** What answers of the REST API are made of; the code that builds one is held to its type. */

export const instant = z.string().meta({ format: 'date-time' });
export const json = z.unknown();
