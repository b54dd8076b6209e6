import type { CSSProperties } from 'react';
import type { Field, FieldValue, PageSize } from '../../api/signing';
import { useLanguage } from '../language';
import { useSigningState } from '../SigningContext';
import { problemWith } from '../state/validate';
import { isAutomatic, isFilled, isMarkField, isOpen, valueOf } from '../state/fields';
import { FieldInput } from './FieldInput';
import { aspectOf } from './geometry';
import { MarkButton } from './MarkButton';
import { nameOf, spokenName, wordsFor } from './names';

export function controlId(fieldId: string): string {
  return `field-${fieldId}`;
}

const percent = (fraction: number) => `${String(fraction * 100)}%`;

function placeOf(field: Field): CSSProperties {
  return {
    left: percent(field.x),
    top: percent(field.y),
    width: percent(field.w),
    height: percent(field.h),
    '--w': field.w,
    '--h': field.h,
  } as CSSProperties;
}

interface FieldOnPageProps {
  readonly field: Field;
  readonly page: PageSize;
  /** On a phone, typing happens in a sheet with a full-size control; on paper stands a button. */
  readonly compact: boolean;
  readonly pointed: boolean;
  readonly onOpen: (field: Field) => void;
}

function textOf(value: FieldValue): string {
  return typeof value === 'string' ? value : '';
}

function Compact({ field, describedBy, onOpen }: { field: Field; describedBy?: string | undefined; onOpen: () => void }) {
  const language = useLanguage();
  const { values } = useSigningState();
  const entered = textOf(valueOf(field, values));
  const text = field.type === 'date' && problemWith(field, entered) === null && entered !== '' ? language.day(entered) : entered;
  return (
    <button
      type="button"
      id={controlId(field.field_id)}
      className="entry entry-button"
      aria-label={spokenName(field, text !== '', language) + (text === '' ? '' : `: ${text}`)}
      aria-describedby={describedBy}
      onClick={onOpen}
    >
      {text === '' ? <span className="entry-call">{nameOf(field, language)}</span> : text}
    </button>
  );
}

function Control(props: FieldOnPageProps & { describedBy?: string | undefined }) {
  const { field, page, compact, describedBy, onOpen } = props;
  const id = controlId(field.field_id);
  const open = () => {
    onOpen(field);
  };
  if (isMarkField(field)) {
    return <MarkButton field={field} id={id} aspect={aspectOf(field, page)} describedBy={describedBy} onPress={open} />;
  }
  if (compact && field.type !== 'checkbox') {
    return <Compact field={field} describedBy={describedBy} onOpen={open} />;
  }
  return <FieldInput field={field} page={page} id={id} describedBy={describedBy} bare />;
}

/** One of the person's fields, where it stands on paper. */
export function FieldOnPage(props: FieldOnPageProps) {
  const { field, pointed } = props;
  const language = useLanguage();
  const { values, problems } = useSigningState();
  // What the sender filled in is part of the page's picture already.
  if (!isOpen(field)) return isAutomatic(field) ? <DayOfSigning field={field} /> : null;
  const problem = problems[field.field_id];
  const errorId = problem ? `${controlId(field.field_id)}-error` : undefined;
  const state = isFilled(valueOf(field, values)) ? 'filled' : field.required ? 'required' : 'optional';
  return (
    <div
      className={`field ${state} of-${field.type}${pointed ? ' pointed' : ''}${problem ? ' wrong' : ''}`}
      style={placeOf(field)}
    >
      <Control {...props} describedBy={errorId} />
      {problem && (
        <p className="field-tag" id={errorId}>
          {wordsFor(problem, language)}
        </p>
      )}
    </div>
  );
}

function DayOfSigning({ field }: { readonly field: Field }) {
  const { t, day } = useLanguage();
  return (
    <div className="field automatic" style={placeOf(field)} title={t('fields.automatic')}>
      <span>{day(new Date().toISOString())}</span>
    </div>
  );
}

/** Where somebody else will sign: seen, never touched. */
export function OthersField({ field }: { readonly field: Field }) {
  const { t } = useLanguage();
  return (
    <div className="field others" style={placeOf(field)} aria-hidden="true">
      <span>{t('review.otherSigner')}</span>
    </div>
  );
}
