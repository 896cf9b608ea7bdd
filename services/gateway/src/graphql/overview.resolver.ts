import { Inject } from '@nestjs/common';
import { Args, Context, ID, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { deleteAutomation, saveAutomation } from '../change-automation.js';
import { parseOrRefuse } from '../faults-of.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { readDashboard } from '../live/dashboard.js';
import { mapped } from '../live/wake.js';
import { notReadableYet, unknownAutomation } from '../problem.js';
import { findAutomation, listAutomations } from '../queries/automations.js';
import { automationBody } from '../shapes/requests.js';
import { isId } from './arguments.js';
import { byOf } from './by.js';
import { type OperationContext } from './context.js';
import { Dashboard, SystemInfo } from './dashboard-types.js';
import { orProblem } from './problem-answers.js';
import { Automation, AutomationResult, DeleteAccepted, DeleteResult } from './result-types.js';
import { JsonScalar } from './scalars.js';
import { automationView, dashboardView } from './views.js';

/** What belongs to no single task: the dashboard, saved flows, previews, the system itself. */
@Resolver()
export class OverviewResolver {
  readonly #parts: GatewayParts;

  constructor(@Inject(GATEWAY) parts: GatewayParts) {
    this.#parts = parts;
  }

  @Query(() => Dashboard)
  async dashboard(@Context() { caller }: OperationContext) {
    return dashboardView(await readDashboard({ ...this.#parts, account: caller.account }));
  }

  @Query(() => SystemInfo)
  system(@Context() { caller }: OperationContext): SystemInfo {
    const { version, clock, workers } = this.#parts;
    return {
      version,
      chromium: workers.hasSlots('browser'),
      serverTime: new Date(clock.now()),
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      timezones: ['UTC', ...Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC')],
      account: caller.account,
      actor: caller.actorId,
    };
  }

  @Query(() => [Automation])
  async automations(@Context() { caller }: OperationContext) {
    return (await listAutomations(this.#parts.db, caller.account)).map(automationView);
  }

  @Query(() => Automation, { nullable: true })
  async automation(
    @Context() { caller }: OperationContext,
    @Args('id', { type: () => ID }) id: string,
  ) {
    const row = isId(id) ? await findAutomation(this.#parts.db, caller.account, id) : undefined;
    return row ? automationView(row) : null;
  }

  @Mutation(() => AutomationResult, { description: 'Without an id a new one; else a new version.' })
  saveAutomation(
    @Context() context: OperationContext,
    @Args('name', { type: () => String }) name: string,
    @Args('flow', { type: () => JsonScalar }) flow: unknown,
    @Args('id', { type: () => ID, nullable: true }) id?: string,
  ) {
    return orProblem(this.#parts.log, async () => {
      const body = parseOrRefuse(automationBody, { name, flow });
      if (id && !isId(id)) throw unknownAutomation(id);
      const saved = { ...body, ...(id ? { automationId: id } : {}) };
      const changed = await saveAutomation(this.#parts, byOf(context), saved);
      if (!changed.isReadable) throw notReadableYet(changed.position);
      const row = await findAutomation(this.#parts.db, context.caller.account, changed.id);
      if (row === undefined) throw unknownAutomation(changed.id);
      return automationView(row);
    });
  }

  @Mutation(() => DeleteResult)
  deleteAutomation(
    @Context() context: OperationContext,
    @Args('id', { type: () => ID }) id: string,
  ) {
    return orProblem(this.#parts.log, async () => {
      if (!isId(id)) throw unknownAutomation(id);
      const { position } = await deleteAutomation(this.#parts, byOf(context), id);
      return Object.assign(new DeleteAccepted(), {
        __typename: 'DeleteAccepted',
        id,
        position: String(position),
      });
    });
  }

  @Subscription(() => Dashboard, {
    resolve: (value) => value,
    description: 'The dashboard, once a second.',
  })
  dashboardTick() {
    return mapped(this.#parts.tick.watch(), dashboardView);
  }
}
