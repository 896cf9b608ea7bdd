/** What Carillon and its peers are given alike. */
export const HERD = 10_000;
/** Jobs that one worker process runs at the same time. */
export const CONCURRENCY = 128;
