import { runService } from '#libs/runtime';
import { definitions } from './definitions.js';

await runService(definitions);
