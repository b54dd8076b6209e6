import { useEffect, useRef } from 'react';
import { Icon, type IconName } from './Icon';

export interface MenuItem {
  readonly label: string;
  readonly icon: IconName;
  readonly danger?: boolean;
  readonly onChoose: () => void;
}

/** A disclosure with a list of buttons: no roving focus to learn, Tab goes through it. */
export function Menu({ label, items }: { readonly label: string; readonly items: readonly MenuItem[] }) {
  const details = useRef<HTMLDetailsElement>(null);

  useEffect(() => {
    const away = (event: Event) => {
      const element = details.current;
      if (element?.open && event.target instanceof Node && !element.contains(event.target)) element.open = false;
    };
    addEventListener('pointerdown', away);
    addEventListener('focusin', away);
    return () => {
      removeEventListener('pointerdown', away);
      removeEventListener('focusin', away);
    };
  }, []);

  const close = () => {
    const element = details.current;
    if (!element) return;
    element.open = false;
    element.querySelector('summary')?.focus();
  };

  useEffect(() => {
    const element = details.current;
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && element?.open) close();
    };
    element?.addEventListener('keydown', onKey);
    return () => element?.removeEventListener('keydown', onKey);
  }, []);

  return (
    <details className="menu" ref={details}>
      <summary className="icon-button" aria-label={label} title={label}>
        <Icon name="more" />
      </summary>
      <ul>
        {items.map((item) => (
          <li key={item.label}>
            <button
              type="button"
              className={item.danger ? 'danger' : ''}
              onClick={() => {
                close();
                item.onChoose();
              }}
            >
              <Icon name={item.icon} size={18} />
              {item.label}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
