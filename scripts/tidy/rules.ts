import type { Rule } from './rule.ts';
import { bannedNames } from './rules/banned-names.ts';
import { clocks } from './rules/clocks.ts';
import { deadFiles } from './rules/dead-files.ts';
import { environment } from './rules/environment.ts';
import { erasable } from './rules/erasable.ts';
import { eventTypes } from './rules/event-types.ts';
import { foreignPaths } from './rules/foreign-paths.ts';
import { importTable } from './rules/import-table.ts';
import { leftovers } from './rules/leftovers.ts';
import { looseTypes } from './rules/loose-types.ts';
import { readmes } from './rules/readmes.ts';
import { sizes } from './rules/sizes.ts';
import { subjectsOnPages } from './rules/subjects.ts';
import { testsRun } from './rules/tests-run.ts';

/** All of them, in the order in which they speak. */
export const rules: readonly Rule[] = [
  bannedNames,
  importTable,
  clocks,
  environment,
  erasable,
  looseTypes,
  sizes,
  testsRun,
  leftovers,
  foreignPaths,
  deadFiles,
  readmes,
  subjectsOnPages,
  eventTypes,
];
