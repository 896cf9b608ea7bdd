import { runService } from '#libs/runtime';
import { ticker } from './ticker.js';

await runService(ticker);
