/**
 * Whether the engine kept its promises to every execution: one attempt at a time, fences that rise,
 * retries by their law, limits at every prefix of the log, stale results without effect, one end.
 * Judged from the log alone, and, where there is one, by what a witness outside has seen.
 */
import {
  attempt as a,
  type DispatchEvent,
  dispatch as d,
  decodeCommit,
  fromBinary,
} from '#libs/contracts';
import type { StoredCommit } from '#libs/event-log';
import { checkRuns, type RunLog, type RunReport } from './check-runs.js';
import { attemptRules, endRule } from './engine/attempt-rules.js';
import { Bounds } from './engine/bounds.js';
import { checkEffects, type Effect } from './engine/check-effects.js';
import { checkFacts } from './engine/check-facts.js';
import { deadLetterRule } from './engine/dead-letter-rule.js';
import { Ledger, type Rule, type Step } from './engine/ledger.js';
import { type LimitTally, limitRule } from './engine/limit-rule.js';
import { retryRules } from './engine/retry-rules.js';
import { workerRule } from './engine/worker-rule.js';
import { Findings } from './finding.js';

export interface EngineLog extends RunLog {
  /** The bounds that it had to keep. */
  readonly definitions: readonly StoredCommit[];
}

export interface EngineCheck {
  /** Nothing is under way any more: what was begun has to be ended, what was told taken in. */
  readonly isOver: boolean;
  /** All that a witness saw of the attempts of these system tasks. */
  readonly witness?: {
    readonly effects: readonly Effect[];
    readonly systemTasks: readonly string[];
  };
}

export interface EngineReport extends RunReport {
  /** Ends by their status. */
  readonly ends: Readonly<Record<string, number>>;
  /** Losses by their cause. */
  readonly losses: Readonly<Record<string, number>>;
  readonly retries: number;
  readonly handedBack: number;
  /** Facts that came too late, kept without effect. */
  readonly stale: number;
  /** How often as many attempts were out as a limit allows, by its kind. */
  readonly limitsFull: Readonly<Record<string, number>>;
  readonly deadLetters: number;
  /** How many owners wrote. */
  readonly terms: number;
}

export function checkEngine(log: EngineLog, { isOver, witness }: EngineCheck): EngineReport {
  const runs = checkRuns(log, { isOver });
  const findings = new Findings();
  const ledger = new Ledger();
  const limits: LimitTally = { full: new Map() };
  const tally = new Tally();
  const rules: Rule[] = [
    wasRequested(ledger, findings),
    ...attemptRules(ledger, findings),
    endRule(findings),
    ...retryRules(findings),
    limitRule(new Bounds(log.definitions), findings, limits),
    workerRule(findings),
    deadLetterRule(findings),
    tally.rule,
  ];
  for (const step of stepsIn(log.dispatch)) {
    for (const rule of rules) rule(step, ledger.runOf(step.event));
    ledger.evolve(step);
  }
  checkFacts(log, findings, isOver);
  if (witness) {
    const isWitnessed = (systemTask: string) => witness.systemTasks.includes(systemTask);
    checkEffects(log.dispatch, witness.effects, isWitnessed, findings);
  }
  return {
    ...runs,
    ...tally.counts,
    limitsFull: Object.fromEntries(limits.full),
    findings: [...findings.kept, ...runs.findings],
    found: findings.count + runs.found,
  };
}

function* stepsIn(dispatch: readonly StoredCommit[]): Iterable<Step> {
  for (const stored of dispatch) {
    const { commit, events } = decodeCommit(stored.bytes);
    const inputs = fromBinary(d.DispatchInputsSchema, commit.inputs);
    const { term } = commit;
    for (const { event } of events) yield { event: event as DispatchEvent, stored, term, inputs };
  }
}

/** Nothing may happen to an execution that nobody asked for; a fact without effect is no happening. */
function wasRequested(ledger: Ledger, findings: Findings): Rule {
  return ({ event, stored }, run) => {
    if (run !== undefined || !('executionId' in event)) return;
    switch (event.$typeName) {
      case 'dispatch.v1.ExecutionRequested':
      case 'dispatch.v1.ExecutionSkipped':
      case 'dispatch.v1.StaleFactIgnored':
        return;
      default:
        if (!ledger.runs.has(event.executionId))
          findings.add('run-unrequested', stored, `${event.executionId}: ${event.$typeName}`);
    }
  };
}

/** What happened, so that a trial can say whether anything did. */
class Tally {
  readonly #ends = new Map<string, number>();
  readonly #losses = new Map<string, number>();
  readonly #terms = new Set<string>();
  #retries = 0;
  #handedBack = 0;
  #stale = 0;
  #deadLetters = 0;

  readonly rule: Rule = ({ event, stored, term }) => {
    this.#terms.add(`${stored.subject} ${term}`);
    switch (event.$typeName) {
      case 'dispatch.v1.ExecutionFinished':
        add(this.#ends, d.ExecutionStatus[event.status] ?? '');
        return;
      case 'dispatch.v1.AttemptLost':
        add(this.#losses, d.LossCause[event.cause] ?? '');
        return;
      case 'dispatch.v1.RetryPlanned':
        this.#retries += 1;
        return;
      case 'dispatch.v1.AttemptClosed':
        if (event.outcome === a.AttemptOutcome.HANDED_BACK) this.#handedBack += 1;
        return;
      case 'dispatch.v1.StaleFactIgnored':
        this.#stale += 1;
        return;
      case 'dispatch.v1.ExecutionDeadLettered':
        this.#deadLetters += 1;
        return;
      default:
    }
  };

  get counts() {
    return {
      ends: Object.fromEntries(this.#ends),
      losses: Object.fromEntries(this.#losses),
      retries: this.#retries,
      handedBack: this.#handedBack,
      stale: this.#stale,
      deadLetters: this.#deadLetters,
      terms: this.#terms.size,
    };
  }
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
