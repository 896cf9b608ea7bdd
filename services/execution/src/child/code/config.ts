/** The runner's environment is the few names that the worker gave it; a program has the same. */
export const runnerEnvironment = (): NodeJS.ProcessEnv => process.env;
