import { useState } from 'react';
import { Icon } from './Icon';

interface HashProps {
  readonly value: string;
  readonly copyLabel: string;
  readonly copiedLabel: string;
}

/** A digest in groups of four, so that two people can compare it by eye or by voice. */
export function Hash({ value, copyLabel, copiedLabel }: HashProps) {
  const [copied, setCopied] = useState(false);
  const groups = value.match(/.{1,4}/g) ?? [];
  return (
    <span className="hash">
      <code>
        {groups.map((group, index) => (
          <span key={index}>{group}</span>
        ))}
      </code>
      <button
        type="button"
        className="text-button"
        onClick={() => {
          navigator.clipboard.writeText(value).then(
            () => {
              setCopied(true);
            },
            // Clipboard refused: the digest is still there to be selected.
            () => undefined,
          );
        }}
      >
        <Icon name={copied ? 'check' : 'copy'} size={16} />
        <span aria-live="polite">{copied ? copiedLabel : copyLabel}</span>
      </button>
    </span>
  );
}
