import { useEffect } from 'react';
import type { Field, PageSize } from '../../api/signing';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { useLanguage } from '../language';
import { useSigning } from '../SigningContext';
import { FieldForm } from './FieldForm';
import { nameOf } from './names';

interface FieldSheetProps {
  readonly field: Field;
  readonly page: PageSize;
  readonly onClose: () => void;
}

/** A phone's way to fill a field: at full size, at the bottom of the screen, with the page behind. */
export function FieldSheet({ field, page, onClose }: FieldSheetProps) {
  const language = useLanguage();
  const { t } = language;
  const signing = useSigning();
  const id = `sheet-${field.field_id}`;

  useEffect(() => {
    document.getElementById(id)?.focus();
  }, [id]);

  const done = () => {
    signing.leaveField(field);
    onClose();
  };
  return (
    <Dialog title={nameOf(field, language)} closeLabel={t('action.close')} look="sheet" onClose={done}>
      <form
        className="dialog-body"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          done();
        }}
      >
        <FieldForm field={field} page={page} id={id} onOpen={onClose} />
        <Button type="submit" look="primary" wide>
          {t('field.save')}
        </Button>
      </form>
    </Dialog>
  );
}
