import { create, dispatch as d, fromBinary, shardOf, subjects, toBinary } from '#libs/contracts';
import { type GatewayDeps } from '../gateway-parts.js';
import { QUERY_TIMEOUT_MS } from '../limits.js';

/**
 * Asks the owner of an account's shard how things stand. Undefined when nobody answers in time: a shard
 * between two owners, a broker that is away. Then the tables tell what they can.
 */
export async function askOwner(
  { nc, settings, log }: GatewayDeps,
  account: string,
  body: d.Query['body'],
): Promise<d.QueryReply['result'] | undefined> {
  const query = create(d.QuerySchema, { account, body });
  const subject = subjects.dispatchQuery(shardOf(account, settings.shards));
  try {
    const bytes = toBinary(d.QuerySchema, query);
    const { data } = await nc.request(subject, bytes, { timeout: QUERY_TIMEOUT_MS });
    return fromBinary(d.QueryReplySchema, data).result;
  } catch (error) {
    log.debug({ err: error }, 'the owner of the shard does not answer');
    return undefined;
  }
}
