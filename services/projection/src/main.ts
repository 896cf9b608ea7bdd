import { runService } from '#libs/runtime';
import { giveWay } from './give-way.js';
import { projection } from './projection.js';

giveWay();
await runService(projection);
