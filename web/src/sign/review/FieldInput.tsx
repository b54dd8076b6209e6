import type { HTMLAttributes } from 'react';
import type { Field, PageSize } from '../../api/signing';
import { useLanguage } from '../language';
import { useSigning, useSigningState } from '../SigningContext';
import { valueOf } from '../state/fields';
import { heightPt } from './geometry';
import { spokenName } from './names';

/** What the server takes. */
const TEXT_MAX = 2000;
/** A text field taller than this holds more than one line. */
const ONE_LINE_PT = 32;

interface FieldInputProps {
  readonly field: Field;
  readonly page: PageSize;
  readonly id: string;
  readonly describedBy?: string | undefined;
  /** On paper there is no visible label beside the control, so it carries its whole name itself. */
  readonly bare?: boolean;
  readonly onEnter?: () => void;
}

function useFieldControl({ field, id, describedBy, bare }: FieldInputProps) {
  const language = useLanguage();
  const signing = useSigning();
  const { values, problems } = useSigningState();
  const common = {
    id,
    'aria-required': field.required,
    'aria-invalid': field.field_id in problems,
    'aria-describedby': describedBy,
    ...(bare ? { 'aria-label': spokenName(field, false, language) } : {}),
    onBlur: () => {
      signing.leaveField(field);
    },
  } satisfies HTMLAttributes<HTMLElement>;
  return { language, signing, value: valueOf(field, values), common };
}

function inputType(field: Field): 'text' | 'tel' | 'date' {
  if (field.type === 'phone') return 'tel';
  return field.type === 'date' ? 'date' : 'text';
}

function LineInput(props: FieldInputProps) {
  const { field, page, bare, onEnter } = props;
  const { language, signing, value, common } = useFieldControl(props);
  const text = typeof value === 'string' ? value : '';
  const placeholder = bare && field.type !== 'date' ? language.t('field.fill') : undefined;
  const change = (typed: string) => {
    signing.enter(field, typed);
  };
  if (field.type === 'text' && heightPt(field, page) > ONE_LINE_PT) {
    return (
      <textarea
        {...common}
        className="entry"
        maxLength={TEXT_MAX}
        value={text}
        placeholder={placeholder}
        onChange={(event) => {
          change(event.currentTarget.value);
        }}
      />
    );
  }
  return (
    <input
      {...common}
      className="entry"
      type={inputType(field)}
      autoComplete={field.type === 'phone' ? 'tel' : 'on'}
      maxLength={TEXT_MAX}
      value={text}
      placeholder={placeholder}
      onChange={(event) => {
        change(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onEnter?.();
      }}
    />
  );
}

function TickInput(props: FieldInputProps) {
  const { signing, value, common } = useFieldControl(props);
  return (
    <input
      {...common}
      className="entry-tick"
      type="checkbox"
      checked={value === true || value === 'true'}
      onChange={(event) => {
        signing.enter(props.field, event.currentTarget.checked, true);
      }}
    />
  );
}

function ChoiceInput(props: FieldInputProps) {
  const { language, signing, value, common } = useFieldControl(props);
  return (
    <select
      {...common}
      className="entry"
      value={typeof value === 'string' ? value : ''}
      onChange={(event) => {
        signing.enter(props.field, event.currentTarget.value, true);
      }}
    >
      <option value="">{language.t('field.choose')}</option>
      {props.field.options?.map((option) => (
        <option key={option} value={option}>
          {option}
        </option>
      ))}
    </select>
  );
}

/** The native control of a field that is typed, ticked or chosen. */
export function FieldInput(props: FieldInputProps) {
  switch (props.field.type) {
    case 'checkbox':
      return <TickInput {...props} />;
    case 'select':
    case 'radio':
      return <ChoiceInput {...props} />;
    default:
      return <LineInput {...props} />;
  }
}
