import { ID, Int } from '@nestjs/graphql';

/** Types of arguments, as `Args` takes them. */
export const anId = { type: () => ID } as const;
export const maybeId = { type: () => ID, nullable: true } as const;
export const someText = { type: () => String } as const;
export const maybeText = { type: () => String, nullable: true } as const;
export const anInt = { type: () => Int } as const;
export const maybeInt = { type: () => Int, nullable: true } as const;
