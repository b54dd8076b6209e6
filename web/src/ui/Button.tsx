import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { Icon, type IconName } from './Icon';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: 'primary' | 'secondary' | 'quiet' | 'danger';
  readonly icon?: IconName;
  readonly busy?: boolean;
  readonly wide?: boolean;
  readonly buttonRef?: Ref<HTMLButtonElement>;
  readonly 'data-next'?: string;
  readonly children: ReactNode;
}

export function Button(props: ButtonProps) {
  const { look = 'secondary', icon, busy = false, wide = false, buttonRef, children, className, ...rest } = props;
  const classes = ['button', look, wide ? 'wide' : '', className ?? ''].filter(Boolean).join(' ');
  return (
    <button type="button" {...rest} ref={buttonRef ?? null} className={classes} aria-busy={busy || undefined}>
      {busy ? <span className="spinner" aria-hidden="true" /> : icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
}
