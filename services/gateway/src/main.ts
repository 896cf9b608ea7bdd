import { runService } from '#libs/runtime';
import { gateway } from './gateway.js';

await runService(gateway);
