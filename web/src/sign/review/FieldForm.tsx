import type { Field, PageSize } from '../../api/signing';
import { useLanguage } from '../language';
import { useSigning, useSigningState } from '../SigningContext';
import { isMarkField, valueOf } from '../state/fields';
import { FieldInput } from './FieldInput';
import { controlId } from './FieldOnPage';
import { aspectOf } from './geometry';
import { MarkButton } from './MarkButton';
import { nameOf, wordsFor } from './names';

interface FieldFormProps {
  readonly field: Field;
  readonly page: PageSize;
  readonly id?: string;
  readonly onOpen: (field: Field) => void;
  readonly onEnter?: () => void;
}

function RadioList({ field, id, describedBy }: { field: Field; id: string; describedBy?: string | undefined }) {
  const signing = useSigning();
  const { values } = useSigningState();
  const value = valueOf(field, values);
  return (
    <div className="radio-list">
      {field.options?.map((option, index) => (
        <label key={option} className="tick small">
          <input
            type="radio"
            id={index === 0 ? id : undefined}
            name={id}
            checked={value === option}
            aria-describedby={describedBy}
            onChange={() => {
              signing.enter(field, option, true);
            }}
          />
          <span>{option}</span>
        </label>
      ))}
    </div>
  );
}

function Body({ field, page, id, describedBy, onOpen, onEnter }: FieldFormProps & { id: string; describedBy?: string | undefined }) {
  if (isMarkField(field)) {
    return (
      <MarkButton
        field={field}
        id={id}
        aspect={aspectOf(field, page)}
        describedBy={describedBy}
        onPress={() => {
          onOpen(field);
        }}
      />
    );
  }
  if (field.type === 'radio') return <RadioList field={field} id={id} describedBy={describedBy} />;
  return <FieldInput field={field} page={page} id={id} describedBy={describedBy} {...(onEnter ? { onEnter } : {})} />;
}

/** A field off the paper, at full size with its label: in the text view and in the phone's sheet. */
export function FieldForm(props: FieldFormProps) {
  const { field, id = controlId(field.field_id) } = props;
  const language = useLanguage();
  const { problems } = useSigningState();
  const problem = problems[field.field_id];
  const errorId = problem ? `${id}-error` : undefined;
  const label = (
    <>
      <span className="field-form-name">{nameOf(field, language)}</span>
      <span className="need">{language.t(field.required ? 'fields.required' : 'fields.optional')}</span>
    </>
  );
  const body = <Body {...props} id={id} describedBy={errorId} />;
  return (
    <div className={`field-form of-${field.type}`}>
      {field.type === 'radio' ? (
        <fieldset>
          <legend>{label}</legend>
          {body}
        </fieldset>
      ) : (
        <>
          <label htmlFor={id}>{label}</label>
          {body}
        </>
      )}
      {problem && (
        <p className="field-error" id={errorId}>
          {wordsFor(problem, language)}
        </p>
      )}
    </div>
  );
}
