import type { ReactNode } from 'react';
import { Icon, type IconName } from './Icon';

export type Tone = 'info' | 'ok' | 'warn' | 'bad' | 'seal';

const ICONS: Readonly<Record<Tone, IconName>> = {
  info: 'help',
  ok: 'check',
  warn: 'alert',
  bad: 'alert',
  seal: 'shield',
};

interface NoticeProps {
  readonly tone: Tone;
  /** Says the notice aloud when it appears. */
  readonly live?: boolean;
  readonly children: ReactNode;
}

export function Notice({ tone, live = false, children }: NoticeProps) {
  return (
    <div className={`notice ${tone}`} {...(live ? { role: tone === 'bad' ? 'alert' : 'status' } : {})}>
      <Icon name={ICONS[tone]} />
      <div>{children}</div>
    </div>
  );
}
