import { runService } from '#libs/runtime';
import { execution } from './execution.js';

await runService(execution);
