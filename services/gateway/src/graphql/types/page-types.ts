import { type Type } from '@nestjs/common';
import { Field, Int, ObjectType } from '@nestjs/graphql';
import { type CountedConnection } from '../connection.js';
import { Execution } from './execution-types.js';
import { Task } from './task-types.js';

@ObjectType()
export class PageInfo {
  @Field(() => Boolean) hasNextPage: boolean;
  @Field(() => String, { nullable: true }) endCursor: string | null;
}

export function connectionOf<T>(node: Type<T>): Type<CountedConnection<T>> {
  @ObjectType(`${node.name}Edge`)
  class Edge {
    @Field(() => String) cursor: string;
    @Field(() => node) node: T;
  }
  @ObjectType({ isAbstract: true })
  abstract class Page {
    @Field(() => [Edge]) edges: Edge[];
    @Field(() => PageInfo) pageInfo: PageInfo;
    @Field(() => Int, { description: 'Counted up to 10,000.' }) totalCount: number;
    @Field(() => Boolean) totalIsExact: boolean;
  }
  return Page as Type<CountedConnection<T>>;
}

@ObjectType()
export class TaskConnection extends connectionOf(Task) {}

@ObjectType()
export class ExecutionConnection extends connectionOf(Execution) {}
