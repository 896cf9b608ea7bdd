import { runService } from '#libs/runtime';
import { projection } from './projection.js';

await runService(projection);
