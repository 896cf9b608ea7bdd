import { Inject } from '@nestjs/common';
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { readDashboard } from '../live/dashboard.js';
import { mapped } from '../live/wake.js';
import { parseOrRefuse } from '../problems/faults-of.js';
import { unknownAutomation } from '../problems/unknown.js';
import { findAutomation, listAutomations } from '../queries/automations.js';
import { automationBody } from '../shapes/requests.js';
import { deleteAutomation, saveAutomation } from '../tasks/change-automation.js';
import { anId, maybeId, someText } from './args.js';
import { idOr } from './arguments.js';
import { byOf } from './by.js';
import { type OperationContext } from './context.js';
import { Live } from './live.js';
import { lookUp, reader } from './look-up.js';
import { orProblemDeleting, orProblemReading } from './problem-answers.js';
import { Dashboard, SystemInfo } from './types/dashboard-types.js';
import { Automation, AutomationResult, DeleteResult } from './types/result-types.js';
import { JsonScalar } from './types/scalars.js';
import { automationView, dashboardView } from './views/overview-views.js';

/** What belongs to no single task: the dashboard, saved flows, previews, the system itself. */
@Resolver()
export class OverviewResolver {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

  @Query(() => Dashboard)
  async dashboard(@Context() { caller }: OperationContext) {
    return dashboardView(await readDashboard({ ...this.parts, account: caller.account }));
  }

  @Query(() => SystemInfo)
  system(@Context() { caller }: OperationContext): SystemInfo {
    const { version, clock, workers } = this.parts;
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
    return (await listAutomations(this.parts.db, caller.account)).map(automationView);
  }

  @Query(() => Automation, { nullable: true })
  automation(@Context() context: OperationContext, @Args('id', anId) id: string) {
    return lookUp(this.parts, context, { find: findAutomation, view: automationView, id });
  }

  @Mutation(() => AutomationResult, { description: 'Without an id a new one; else a new version.' })
  saveAutomation(
    @Context() context: OperationContext,
    @Args('name', someText) name: string,
    @Args('flow', { type: () => JsonScalar }) flow: unknown,
    @Args('id', maybeId) id?: string,
  ) {
    const save = async () => {
      const body = parseOrRefuse(automationBody, { name, flow });
      const wish = { ...body, ...(id ? { automationId: idOr(unknownAutomation, id) } : {}) };
      return saveAutomation(this.parts, byOf(context), wish);
    };
    const kind = { find: findAutomation, view: automationView, unknown: unknownAutomation };
    return orProblemReading(this.parts, save, reader(this.parts, context, kind));
  }

  @Mutation(() => DeleteResult)
  deleteAutomation(@Context() context: OperationContext, @Args('id', anId) id: string) {
    return orProblemDeleting(this.parts, async () =>
      deleteAutomation(this.parts, byOf(context), idOr(unknownAutomation, id)),
    );
  }

  @Live(() => Dashboard, 'The dashboard, once a second.')
  dashboardTick() {
    return mapped(this.parts.tick.watch(), dashboardView);
  }
}
