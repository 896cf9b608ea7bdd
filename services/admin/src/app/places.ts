/** The screens that can be gone to from anywhere, in the order of the rail. */
import {
  IconBarrierBlock,
  IconCalendar,
  IconClockPlay,
  IconLayoutDashboard,
  IconListDetails,
  IconMailOff,
  IconRobot,
  IconStack2,
} from '@tabler/icons-react';
import { messages } from './messages.js';

/** `keys`: from anywhere. */
export const places = [
  { to: '/overview', label: messages.overview, icon: IconLayoutDashboard, keys: 'g o' },
  { to: '/tasks', label: messages.tasks, icon: IconClockPlay, keys: 'g t' },
  { to: '/runs', label: messages.runs, icon: IconListDetails, keys: 'g r' },
  { to: '/queues', label: messages.queues, icon: IconStack2, keys: 'g q' },
  { to: '/dead-letters', label: messages.deadLetters, icon: IconMailOff, keys: 'g d' },
  { to: '/automations', label: messages.automations, icon: IconRobot, keys: 'g a' },
  { to: '/calendars', label: messages.calendars, icon: IconCalendar, keys: 'g c' },
  { to: '/maintenance', label: messages.maintenance, icon: IconBarrierBlock, keys: 'g m' },
] as const;
