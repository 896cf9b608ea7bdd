import { writeFile } from 'node:fs/promises';
import { printedSchema } from './schema.js';

// `npm run gen:graphql`, from the root of the repository.
await writeFile('services/gateway/schema.graphql', await printedSchema());
