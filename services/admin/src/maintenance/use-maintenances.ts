import { useEffect } from 'react';
import { every } from '../clock.js';
import { POLL_EVERY_MS, useAsleep } from '../graphql/connection.js';
import { type LiveQuery, useLiveQuery } from '../graphql/use-live-query.js';
import { type Maintenance, MaintenancesDocument } from './maintenance-documents.js';

const TYPES = ['Maintenance'] as const;

/** Nothing pushes them: they are asked for now and then, and at once when somebody here changed one. */
export function useMaintenances(): LiveQuery<{ maintenances: Maintenance[] }> {
  const query = useLiveQuery(MaintenancesDocument, {}, { types: TYPES });
  const asleep = useAsleep();
  const { retry } = query;
  useEffect(() => (asleep ? undefined : every(POLL_EVERY_MS, retry)), [asleep, retry]);
  return query;
}
