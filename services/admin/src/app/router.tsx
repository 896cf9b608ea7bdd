import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { Broken } from './broken.js';
import { NotFound } from './not-found.js';
import { parseSearch, stringifySearch } from './search.js';
import {
  calendarsSearch,
  deadLettersSearch,
  newTaskSearch,
  runSearch,
  runsSearch,
  taskSearch,
  tasksSearch,
} from './searches.js';
import { Shell } from './shell.js';

const root = createRootRoute({ component: Shell, notFoundComponent: () => <NotFound /> });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/overview', replace: true });
  },
});

const overview = createRoute({
  getParentRoute: () => root,
  path: '/overview',
  component: lazyRouteComponent(() => import('../overview/overview-page.js'), 'OverviewPage'),
});

const tasks = createRoute({
  getParentRoute: () => root,
  path: '/tasks',
  validateSearch: tasksSearch,
  component: lazyRouteComponent(() => import('../tasks/tasks-page.js'), 'TasksPage'),
});

const newTask = createRoute({
  getParentRoute: () => root,
  path: '/tasks/new',
  validateSearch: newTaskSearch,
  component: lazyRouteComponent(() => import('../task-form/new-task-page.js'), 'NewTaskPage'),
});

const task = createRoute({
  getParentRoute: () => root,
  path: '/tasks/$taskId',
  validateSearch: taskSearch,
  component: lazyRouteComponent(() => import('../tasks/task-page.js'), 'TaskPage'),
});

const editTask = createRoute({
  getParentRoute: () => root,
  path: '/tasks/$taskId/edit',
  component: lazyRouteComponent(() => import('../task-form/edit-task-page.js'), 'EditTaskPage'),
});

const runs = createRoute({
  getParentRoute: () => root,
  path: '/runs',
  validateSearch: runsSearch,
  component: lazyRouteComponent(() => import('../runs/runs-page.js'), 'RunsPage'),
});

const run = createRoute({
  getParentRoute: () => root,
  path: '/runs/$runId',
  validateSearch: runSearch,
  component: lazyRouteComponent(() => import('../runs/run-page.js'), 'RunPage'),
});

const queues = createRoute({
  getParentRoute: () => root,
  path: '/queues',
  component: lazyRouteComponent(() => import('../queues/queues-page.js'), 'QueuesPage'),
});

const workers = createRoute({
  getParentRoute: () => root,
  path: '/workers',
  beforeLoad: () => {
    throw redirect({ to: '/queues', hash: 'workers', replace: true });
  },
});

const deadLetters = createRoute({
  getParentRoute: () => root,
  path: '/dead-letters',
  validateSearch: deadLettersSearch,
  component: lazyRouteComponent(
    () => import('../dead-letters/dead-letters-page.js'),
    'DeadLettersPage',
  ),
});

const automations = createRoute({
  getParentRoute: () => root,
  path: '/automations',
  component: lazyRouteComponent(
    () => import('../automations/automations-page.js'),
    'AutomationsPage',
  ),
});

const newAutomation = createRoute({
  getParentRoute: () => root,
  path: '/automations/new',
  component: lazyRouteComponent(
    () => import('../automations/new-automation-page.js'),
    'NewAutomationPage',
  ),
});

const automation = createRoute({
  getParentRoute: () => root,
  path: '/automations/$automationId',
  component: lazyRouteComponent(
    () => import('../automations/automation-page.js'),
    'AutomationPage',
  ),
});

const calendars = createRoute({
  getParentRoute: () => root,
  path: '/calendars',
  validateSearch: calendarsSearch,
  component: lazyRouteComponent(() => import('../calendars/calendars-page.js'), 'CalendarsPage'),
});

const maintenance = createRoute({
  getParentRoute: () => root,
  path: '/maintenance',
  component: lazyRouteComponent(
    () => import('../maintenance/maintenance-page.js'),
    'MaintenancePage',
  ),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    overview,
    tasks,
    newTask,
    task,
    editTask,
    runs,
    run,
    queues,
    workers,
    deadLetters,
    automations,
    newAutomation,
    automation,
    calendars,
    maintenance,
  ]),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultErrorComponent: Broken,
  scrollRestoration: true,
  scrollToTopSelectors: ['#main'],
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
