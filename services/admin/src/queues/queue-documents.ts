import { mutate, ProblemFragment } from '../graphql/actions.js';
import { type FragmentOf, graphql, type ResultOf, type VariablesOf } from '../graphql/graphql.js';

const PoolFragment = graphql(`
  fragment PoolParts on Pool {
    name
    builtIn
    description
    maxConcurrent
    computeRate
    paused
    pauseReason
    pausedAt
    pausedBy
    position
  }
`);

export type Pool = FragmentOf<typeof PoolFragment>;

const LimitFragment = graphql(`
  fragment LimitParts on NamedLimit {
    id
    name
    description
    key
    maxConcurrent
    rate {
      count
      per
      exceeded
    }
    updatedAt
    updatedBy
    position
  }
`);

export type NamedLimit = FragmentOf<typeof LimitFragment>;

const QueuesFragment = graphql(`
  fragment QueuesParts on Queues {
    asOf
    live
    queues {
      pool
      depth
      depthByPriority {
        priority
        count
      }
      oldestWait
      running
      slots
      free
    }
  }
`);

export const QueuesDocument = graphql(
  `
    query Queues {
      queues {
        ...QueuesParts
      }
      pools {
        ...PoolParts
      }
    }
  `,
  [QueuesFragment, PoolFragment],
);

export const QueuesChangedDocument = graphql(
  `
    subscription QueuesChanged {
      queuesChanged {
        ...QueuesParts
      }
    }
  `,
  [QueuesFragment],
);

export const PoolsChangedDocument = graphql(
  `
    subscription PoolsChanged {
      poolsChanged {
        ...PoolParts
      }
    }
  `,
  [PoolFragment],
);

export const LimitsChangedDocument = graphql(
  `
    subscription LimitsChanged {
      limitsChanged {
        ...LimitParts
      }
    }
  `,
  [LimitFragment],
);

export type Queues = FragmentOf<typeof QueuesFragment>;
export type Queue = Queues['queues'][number];

export const LimitsDocument = graphql(
  `
    query Limits {
      limits {
        ...LimitParts
      }
      accountLimits {
        maxConcurrent
        maxBrowserSessions
        weight
        currency
        updatedAt
        updatedBy
        position
      }
    }
  `,
  [LimitFragment],
);

export type AccountLimits = ResultOf<typeof LimitsDocument>['accountLimits'];

const CreatePoolDocument = graphql(
  `
    mutation CreatePool($name: ID!, $input: PoolInput) {
      createPool(name: $name, input: $input) {
        __typename
        ...PoolParts
        ...ProblemParts
      }
    }
  `,
  [PoolFragment, ProblemFragment],
);

const UpdatePoolDocument = graphql(
  `
    mutation UpdatePool($name: ID!, $input: PoolInput!, $position: String) {
      updatePool(name: $name, input: $input, expectedPosition: $position) {
        __typename
        ...PoolParts
        ...ProblemParts
      }
    }
  `,
  [PoolFragment, ProblemFragment],
);

const PausePoolDocument = graphql(
  `
    mutation PausePool($name: ID!, $reason: String) {
      pausePool(name: $name, reason: $reason) {
        __typename
        ...PoolParts
        ...ProblemParts
      }
    }
  `,
  [PoolFragment, ProblemFragment],
);

const ResumePoolDocument = graphql(
  `
    mutation ResumePool($name: ID!) {
      resumePool(name: $name) {
        __typename
        ...PoolParts
        ...ProblemParts
      }
    }
  `,
  [PoolFragment, ProblemFragment],
);

const DeletePoolDocument = graphql(
  `
    mutation DeletePool($name: ID!) {
      deletePool(name: $name) {
        __typename
        ... on CapacityDeleted {
          id
        }
        ...ProblemParts
      }
    }
  `,
  [ProblemFragment],
);

const SaveLimitDocument = graphql(
  `
    mutation SaveLimit($id: ID, $input: LimitInput!, $position: String) {
      saveLimit(id: $id, input: $input, expectedPosition: $position) {
        __typename
        ...LimitParts
        ...ProblemParts
      }
    }
  `,
  [LimitFragment, ProblemFragment],
);

const DeleteLimitDocument = graphql(
  `
    mutation DeleteLimit($id: ID!) {
      deleteLimit(id: $id) {
        __typename
        ... on CapacityDeleted {
          id
        }
        ...ProblemParts
      }
    }
  `,
  [ProblemFragment],
);

const AccountLimitsMutation = graphql(
  `
    mutation SetAccountLimits($input: AccountLimitsInput!, $position: String) {
      setAccountLimits(input: $input, expectedPosition: $position) {
        __typename
        ... on AccountLimits {
          maxConcurrent
          maxBrowserSessions
          weight
          currency
          position
        }
        ...ProblemParts
      }
    }
  `,
  [ProblemFragment],
);

type PoolInput = VariablesOf<typeof UpdatePoolDocument>['input'];
export type LimitInput = VariablesOf<typeof SaveLimitDocument>['input'];
export type AccountLimitsInput = VariablesOf<typeof AccountLimitsMutation>['input'];

export const createPool = (name: string, input: PoolInput) =>
  mutate(CreatePoolDocument, { name, input });

export const updatePool = ({ name, position }: Pool, input: PoolInput) =>
  mutate(UpdatePoolDocument, { name, input, position });

export const pausePool = (name: string, reason: string | undefined) =>
  mutate(PausePoolDocument, { name, reason });

export const resumePool = (name: string) => mutate(ResumePoolDocument, { name });

export const deletePool = (name: string) => mutate(DeletePoolDocument, { name });

/** Without a limit a new one. */
export const saveLimit = (limit: NamedLimit | undefined, input: LimitInput) =>
  mutate(SaveLimitDocument, { id: limit?.id, input, position: limit?.position });

export const deleteLimit = (id: string) => mutate(DeleteLimitDocument, { id });

export const setAccountLimits = (input: AccountLimitsInput, position: string) =>
  mutate(AccountLimitsMutation, { input, position });
