import { IconBolt, IconBrowser, IconSitemap } from '@tabler/icons-react';
import { type TaskType, taskTypeLabel } from '../words.js';

const icons = { browser_automation: IconBrowser, workflow: IconSitemap, system: IconBolt };

interface TaskTypeIconProps {
  type: TaskType;
  size?: number;
  /** The word stands beside it. */
  plain?: boolean;
}

export function TaskTypeIcon({ type, size = 16, plain = false }: TaskTypeIconProps) {
  const Icon = icons[type];
  if (plain) return <Icon size={size} stroke={1.6} aria-hidden="true" />;
  return (
    <span title={taskTypeLabel[type]}>
      <Icon size={size} stroke={1.6} aria-hidden="true" />
      <span className="visually-hidden">{taskTypeLabel[type]}</span>
    </span>
  );
}
