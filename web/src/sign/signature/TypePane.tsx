import { useId } from 'react';
import { useLanguage } from '../language';
import type { MarkType } from '../state/fields';
import { FACES, type Face } from './faces';

export interface Typed {
  readonly text: string;
  readonly face: Face;
}

interface TypePaneProps {
  readonly type: MarkType;
  readonly typed: Typed;
  readonly onChange: (typed: Typed) => void;
}

const NAME_MAX = 80;

export function TypePane({ type, typed, onChange }: TypePaneProps) {
  const { t } = useLanguage();
  const id = useId();
  return (
    <div className="type-pane">
      <div className="labelled">
        <label htmlFor={id}>{t(type === 'signature' ? 'mark.typeNameSignature' : 'mark.typeNameInitials')}</label>
        <input
          id={id}
          type="text"
          autoComplete={type === 'signature' ? 'name' : 'off'}
          maxLength={NAME_MAX}
          value={typed.text}
          onChange={(event) => {
            onChange({ ...typed, text: event.currentTarget.value });
          }}
        />
      </div>
      <fieldset className="faces">
        <legend>{t('mark.style')}</legend>
        {FACES.map((face, index) => (
          <label key={face} className={typed.face === face ? 'face-choice chosen' : 'face-choice'}>
            <input
              type="radio"
              name={`${id}-face`}
              checked={typed.face === face}
              aria-label={t('mark.styleN', { n: index + 1 })}
              onChange={() => {
                onChange({ ...typed, face });
              }}
            />
            <span className={`face ${face}`} aria-hidden="true">
              {typed.text.trim() === '' ? t('type.signature') : typed.text}
            </span>
          </label>
        ))}
      </fieldset>
    </div>
  );
}
