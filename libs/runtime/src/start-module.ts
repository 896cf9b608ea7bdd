import 'reflect-metadata';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Logger } from 'pino';
import { nestLogger } from './nest-logger.js';
import type { Running } from './run-service.js';

/** Starts a Nest module without HTTP: its bootstrap hooks run now, its shutdown hooks at the stop. */
export async function startModule(module: DynamicModule, log: Logger): Promise<Running> {
  const app = await NestFactory.createApplicationContext(module, {
    logger: nestLogger(log),
    // Ours to tell and to end; Nest would end the process itself.
    abortOnError: false,
  });
  return { stop: () => app.close() };
}
