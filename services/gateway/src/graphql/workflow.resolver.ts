import { Inject } from '@nestjs/common';
import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { parseOrRefuse } from '../problems/faults-of.js';
import { unknownWorkflow } from '../problems/unknown.js';
import {
  findWorkflow,
  listWorkflows,
  versionsOfWorkflow,
  type WorkflowRow,
} from '../queries/workflows.js';
import { workflowBody, workflowCheckBody } from '../shapes/workflow-shapes.js';
import { checkWorkflow, deleteWorkflow, saveWorkflow } from '../workflows/change-workflow.js';
import { anId, maybeId, maybeText, someText } from './args.js';
import { idOr } from './arguments.js';
import { byOf, positionArgument } from './by.js';
import { type OperationContext } from './context.js';
import { lookUp, reader } from './look-up.js';
import { orProblemDeleting, orProblemReading } from './problem-answers.js';
import { DeleteResult } from './types/result-types.js';
import {
  Workflow,
  WorkflowCheck,
  WorkflowResult,
  WorkflowVersion,
} from './types/workflow-types.js';

const PREFIX = '/definition';

@Resolver(() => Workflow)
export class WorkflowResolver {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

  @Query(() => [Workflow])
  async workflows(@Context() { caller }: OperationContext) {
    return (await listWorkflows(this.parts.db, caller.account)).map(workflowView);
  }

  @Query(() => Workflow, { nullable: true })
  workflow(@Context() context: OperationContext, @Args('id', anId) id: string) {
    return lookUp(this.parts, context, { find: findWorkflow, view: workflowView, id });
  }

  @Query(() => WorkflowCheck, { description: 'What is wrong with a definition.' })
  async checkWorkflow(@Args('definition', someText) definition: string): Promise<WorkflowCheck> {
    const body = parseOrRefuse(workflowCheckBody, { definition });
    const { faults, reference } = await checkWorkflow(this.parts, body.definition);
    const problems = faults.map(({ path, code, message, remedy }) => ({
      field: path.slice(PREFIX.length),
      code,
      message,
      remedy: remedy ?? null,
      position: null,
    }));
    return { reference, problems };
  }

  @ResolveField(() => [WorkflowVersion], { description: 'The newest first.' })
  async versions(@Context() { caller }: OperationContext, @Parent() workflow: Workflow) {
    const rows = await versionsOfWorkflow(this.parts.db, caller.account, workflow.id);
    return rows.map(({ saved_at, source, ...row }) => ({
      ...row,
      savedAt: saved_at,
      definition: source,
    }));
  }

  @Mutation(() => WorkflowResult, { description: 'Without an id a new one; else a new version.' })
  saveWorkflow(
    @Context() context: OperationContext,
    @Args('definition', someText) definition: string,
    @Args('id', maybeId) id?: string,
    @Args('name', maybeText) name?: string,
    @Args('note', maybeText) note?: string,
    @Args('expectedPosition', maybeText) expected?: string,
  ) {
    const save = async () => {
      const told = { definition, ...(name && { name }), ...(note && { note }) };
      const body = parseOrRefuse(workflowBody, told);
      const expectedPosition = positionArgument(expected);
      const of = id ? { workflowId: idOr(unknownWorkflow, id) } : {};
      return saveWorkflow(this.parts, byOf(context), { ...body, expectedPosition, ...of });
    };
    const kind = { find: findWorkflow, view: workflowView, unknown: unknownWorkflow };
    return orProblemReading(this.parts, save, reader(this.parts, context, kind));
  }

  @Mutation(() => DeleteResult)
  deleteWorkflow(@Context() context: OperationContext, @Args('id', anId) id: string) {
    return orProblemDeleting(this.parts, async () =>
      deleteWorkflow(this.parts, byOf(context), idOr(unknownWorkflow, id)),
    );
  }
}

function workflowView(row: WorkflowRow): Workflow {
  return Object.assign(new Workflow(), {
    __typename: 'Workflow',
    id: row.id,
    name: row.name,
    version: row.version,
    reference: row.reference,
    definition: row.source,
    note: row.note,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    createdBy: row.created_by,
    updatedBy: row.updated_by,
    position: `${row.position}`,
  });
}
