import { createUnionType, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { FieldProblem, Problem } from './result-types.js';
import { DateTimeScalar, JsonScalar } from './scalars.js';

const optional = { nullable: true } as const;

@ObjectType()
export class WorkflowVersion {
  @Field(() => Int) version: number;
  @Field(() => String) name: string;
  @Field(() => String) reference: string;
  @Field(() => String) definition: string;
  @Field(() => String, optional) note: string | null;
  @Field(() => DateTimeScalar) savedAt: Date;
  @Field(() => String) author: string;
}

/** Versions are resolved in `workflow.resolver.ts`. */
@ObjectType()
export class Workflow {
  @Field(() => ID) id: string;
  @Field(() => String) name: string;
  @Field(() => Int, { description: 'Counts the saves.' }) version: number;
  @Field(() => String, { description: '`namespace/name:version` of the document.' })
  reference: string;
  @Field(() => String, { description: 'YAML or JSON, as it was written.' }) definition: string;
  @Field(() => String, optional) note: string | null;
  @Field(() => DateTimeScalar) createdAt: Date;
  @Field(() => DateTimeScalar) updatedAt: Date;
  @Field(() => String) createdBy: string;
  @Field(() => String) updatedBy: string;
  @Field(() => String, { description: 'For `expectedPosition`.' }) position: string;
}

@ObjectType()
export class WorkflowCheck {
  @Field(() => String, { description: 'Empty when something is wrong.' }) reference: string;
  @Field(() => [FieldProblem], { description: 'Fields are JSON pointers into the definition.' })
  problems: FieldProblem[];
}

@ObjectType()
export class StepError {
  @Field(() => String) type: string;
  @Field(() => Int) status: number;
  @Field(() => String) title: string;
  @Field(() => String) detail: string;
}

@ObjectType({ description: 'A step of a run: one visit of a task that waits for the outside.' })
export class RunStep {
  @Field(() => String, { description: '`path#iteration`.' }) step: string;
  @Field(() => String, { description: 'JSON pointer of its task.' }) path: string;
  @Field(() => String, {
    description: 'running, waiting, retrying, listening, succeeded, failed or timed_out.',
  })
  status: string;
  @Field(() => Int) attempt: number;
  @Field(() => Int, { description: 'More than one after a crash.' }) starts: number;
  @Field(() => DateTimeScalar) startedAt: Date;
  @Field(() => DateTimeScalar, { nullable: true, description: 'Of a wait: when it ends.' })
  until: Date | null;
  @Field(() => DateTimeScalar, optional) endedAt: Date | null;
  @Field(() => JsonScalar, { nullable: true, description: 'Null also when it is too long.' })
  output: unknown;
  @Field(() => Int) outputBytes: number;
  @Field(() => StepError, optional) error: StepError | null;
}

const byTypeName = (value: { __typename?: string }) => value.__typename;

export const WorkflowResult = createUnionType({
  name: 'WorkflowResult',
  types: () => [Workflow, Problem] as const,
  resolveType: byTypeName,
});
