import { type INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { problemAnswer } from '../../shapes/problem-answers.js';
import { pagePolicy } from './headers.js';

const PATH = 'api/docs';
const JSON_PATH = 'api/docs/openapi.json';
/** Requests whose body may be left out; the generator takes every body for required. */
const WITHOUT_BODY = new Set(['pause', 'resume', 'run', 'cancel', 'retry', 'restore', 'end']);

/** The document of the REST API, from the very schemas that requests are held to. */
export function describeApi(app: INestApplication, version: string): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Carillon')
    .setDescription(
      'Scheduled tasks and automation. Every 4xx and 5xx is `application/problem+json` (RFC 9457).',
    )
    .setVersion(version)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (_controller, method) => method,
    // The default stops at what JSON Schema has no word for; here it is told as "anything".
    standardSchemaConverter: (schema, { schemaType }) =>
      schema instanceof z.ZodType
        ? {
            schema: jsonSchemaOf(schema, schemaType),
          }
        : undefined,
  });
  document.components = { schemas: { Problem: jsonSchemaOf(problemAnswer, 'output') as object } };
  for (const path of Object.values(document.paths))
    for (const operation of [path.post, path.put, path.patch])
      if (operation && WITHOUT_BODY.has(operation.operationId ?? ''))
        Object.assign(operation.requestBody ?? {}, { required: false });
  return document;
}

function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output') {
  return z.toJSONSchema(schema, { target: 'openapi-3.0', io, unrepresentable: 'any' });
}

export function serveApiDocs(app: INestApplication, document: OpenAPIObject): void {
  const instance: FastifyInstance = app.getHttpAdapter().getInstance();
  instance.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith(`/${PATH}`)) return;
    pagePolicy(reply, {
      'script-src': "'self'",
      'style-src': "'self' 'unsafe-inline'",
      'img-src': "'self' data:",
      'connect-src': "'self'",
    });
  });
  SwaggerModule.setup(PATH, app, document, {
    jsonDocumentUrl: JSON_PATH,
    raw: ['json'],
    customSiteTitle: 'Carillon API',
  });
}
