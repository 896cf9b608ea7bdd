/**
 * A time in which nothing of an account starts, now or planned, with an end or without.
 *
 *   (none) --plan--> planned --end--> ended
 */
import { create, type MaintenanceEvent, maintenance as m } from '#libs/contracts';
import { type Decider, type Decision, impossible, reject } from '../decider.js';

export const MAINTENANCE_LIMITS = { reasonLength: 500 } as const;

export type MaintenanceState =
  | { readonly status: 'none' | 'ended' }
  | {
      readonly status: 'planned';
      readonly fromMs: number;
      readonly untilMs: number;
      readonly aftermath: m.Aftermath;
    };

export type MaintenanceCommand =
  | {
      readonly type: 'plan';
      readonly maintenanceId: string;
      readonly fromMs: number;
      /** 0: until it is ended. */
      readonly untilMs: number;
      readonly aftermath: m.Aftermath;
      readonly reason: string;
    }
  | { readonly type: 'end' };

export type MaintenanceRejectionCode =
  | 'maintenance-unknown'
  | 'maintenance-ended'
  | 'range-invalid'
  | 'reason-too-long';

export function decide(
  command: MaintenanceCommand,
  state: MaintenanceState,
): Decision<MaintenanceEvent, MaintenanceRejectionCode> {
  switch (command.type) {
    case 'plan': {
      if (state.status !== 'none') return [];
      const { maintenanceId, fromMs, untilMs, aftermath, reason } = command;
      if (untilMs !== 0 && untilMs <= fromMs)
        return reject('range-invalid', 'A maintenance ends after it begins.', '/until');
      if (reason.length > MAINTENANCE_LIMITS.reasonLength)
        return reject(
          'reason-too-long',
          `A reason has at most ${MAINTENANCE_LIMITS.reasonLength} characters.`,
          '/reason',
        );
      return [
        create(m.MaintenancePlannedSchema, { maintenanceId, fromMs, untilMs, aftermath, reason }),
      ];
    }
    case 'end':
      if (state.status === 'none')
        return reject('maintenance-unknown', 'There is no such maintenance.');
      return state.status === 'ended' ? [] : [create(m.MaintenanceEndedSchema)];
    default:
      return impossible(command);
  }
}

export function evolve(state: MaintenanceState, event: MaintenanceEvent): MaintenanceState {
  switch (event.$typeName) {
    case 'maintenance.v1.MaintenancePlanned': {
      const { fromMs, untilMs, aftermath } = event;
      return { status: 'planned', fromMs, untilMs, aftermath };
    }
    case 'maintenance.v1.MaintenanceEnded':
      return state.status === 'none' ? state : { status: 'ended' };
    default:
      return impossible(event);
  }
}

export const maintenanceDecider: Decider<
  MaintenanceState,
  MaintenanceCommand,
  MaintenanceEvent,
  MaintenanceRejectionCode
> = { initial: { status: 'none' }, decide, evolve };
