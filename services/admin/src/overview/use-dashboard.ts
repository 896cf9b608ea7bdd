import { useEffect } from 'react';
import { type CombinedError, useSubscription } from 'urql';
import { noteServerTime } from '../clock.js';
import { useAsleep } from '../graphql/connection.js';
import { useLiveQuery } from '../graphql/use-live-query.js';
import { type Dashboard, DashboardDocument, DashboardTickDocument } from './dashboard-document.js';

interface DashboardView {
  dashboard: Dashboard | undefined;
  error: CombinedError | undefined;
  retry: () => void;
}

/** Asked once, then told every second; whichever is newer by the server's own clock. */
export function useDashboard(): DashboardView {
  const query = useLiveQuery(DashboardDocument, {});
  const asleep = useAsleep();
  const [tick] = useSubscription({ query: DashboardTickDocument, pause: asleep });
  const asked = query.data?.dashboard;
  const told = tick.data?.dashboardTick;
  const dashboard = told && (!asked || told.serverTime >= asked.serverTime) ? told : asked;
  const serverTime = dashboard?.serverTime;
  useEffect(() => {
    if (serverTime) noteServerTime(serverTime);
  }, [serverTime]);
  return { dashboard, error: query.error, retry: query.retry };
}
