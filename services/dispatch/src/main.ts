import { runService } from '#libs/runtime';
import { dispatch } from './dispatch.js';

await runService(dispatch);
