// Every service in one process, for a laptop. The one place that knows all services: each is given
// the same protocols (NATS, Postgres) that it has in a process of its own, and nothing is cut short.
import { runServices } from '#libs/runtime';
import { definitions } from '../../definitions/src/definitions.js';
import { dispatch } from '../../dispatch/src/dispatch.js';
import { execution } from '../../execution/src/execution.js';
import { gateway } from '../../gateway/src/gateway.js';
import { projection } from '../../projection/src/projection.js';
import { ticker } from '../../ticker/src/ticker.js';
import { demoSite } from './demo-site.js';

// In the order of their start: who decides comes before who asks. They stop in the reverse.
const services = [definitions, dispatch, execution, projection, ticker, gateway];
const isDemo = process.argv.includes('--demo');
await runServices('carillon', isDemo ? [demoSite, ...services] : services);
