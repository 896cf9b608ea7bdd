import { registerEnumType } from '@nestjs/graphql';
import {
  deadLetterCauses,
  deadLetterStatuses,
  executionStatuses,
  logLevels,
  priorities,
  taskStatuses,
  taskTypes,
  triggers,
} from '../../shapes/words.js';

const enumOf = <T extends string>(values: readonly T[]) =>
  Object.fromEntries(values.map((value) => [value, value])) as { [K in T]: K };

export const TaskTypeEnum = enumOf(taskTypes);
export const TaskStatusEnum = enumOf(taskStatuses);
export const ExecutionStatusEnum = enumOf(executionStatuses);
export const TriggerEnum = enumOf(triggers);
export const PriorityEnum = enumOf(priorities);
export const LogLevelEnum = enumOf(logLevels);
export const DeadLetterCauseEnum = enumOf(deadLetterCauses);
export const DeadLetterStatusEnum = enumOf(deadLetterStatuses);

registerEnumType(TaskTypeEnum, { name: 'TaskType' });
registerEnumType(TaskStatusEnum, {
  name: 'TaskStatus',
  description: 'A deleted task is `disabled`; only `tasksChanged` ever tells of one.',
});
registerEnumType(ExecutionStatusEnum, { name: 'ExecutionStatus' });
registerEnumType(TriggerEnum, { name: 'Trigger' });
registerEnumType(PriorityEnum, { name: 'Priority' });
registerEnumType(LogLevelEnum, { name: 'LogLevel' });
registerEnumType(DeadLetterCauseEnum, { name: 'DeadLetterCause' });
registerEnumType(DeadLetterStatusEnum, { name: 'DeadLetterStatus' });
