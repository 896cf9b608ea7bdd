import { IconBolt, IconBrowser, IconSitemap } from '@tabler/icons-react';
import { type TaskType, taskTypeLabel } from '../words.js';

const icons = { browser_automation: IconBrowser, workflow: IconSitemap, system: IconBolt };

export function TaskTypeIcon({ type, size = 16 }: { type: TaskType; size?: number }) {
  const Icon = icons[type];
  return (
    <span title={taskTypeLabel[type]}>
      <Icon size={size} stroke={1.6} aria-hidden="true" />
      <span className="visually-hidden">{taskTypeLabel[type]}</span>
    </span>
  );
}
