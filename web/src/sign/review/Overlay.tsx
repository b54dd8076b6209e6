import { Suspense } from 'react';
import type { Field, PageSize, Session } from '../../api/signing';
import { Dialog } from '../../ui/Dialog';
import { useLanguage } from '../language';
import { Confirm } from '../screens/Confirm';
import { Decline } from '../screens/Decline';
import { LazyMarkDialog } from '../signature/lazyMarkDialog';
import { useRoom, useSession } from '../SigningContext';
import { isMarkField } from '../state/fields';
import { FieldList } from './FieldList';
import { FieldSheet } from './FieldSheet';
import { nameOf } from './names';
import type { Guide } from './useGuide';

export type Open =
  | { readonly what: 'field'; readonly field: Field }
  | { readonly what: 'list' }
  | { readonly what: 'confirm' }
  | { readonly what: 'decline' }
  | null;

function pageOf(session: Session, field: Field): PageSize {
  return session.document.pages.find((page) => page.page === field.page) ?? { page: 1, width: 612, height: 792 };
}

interface OverlayProps {
  readonly open: Open;
  readonly guide: Guide;
  readonly onClose: () => void;
}

/** Whatever lies over the document. */
export function Overlay({ open, guide, onClose }: OverlayProps) {
  const language = useLanguage();
  const { t } = language;
  const { signing } = useRoom();
  const session = useSession();
  if (!open) return null;
  if (open.what === 'confirm') return <Confirm onClose={onClose} />;
  if (open.what === 'decline') return <Decline onClose={onClose} />;
  if (open.what === 'list') {
    const go = (field: Field) => {
      onClose();
      // The sheet gives focus back to its opener as it closes; the field takes it after that.
      setTimeout(() => {
        guide.goTo(field);
      });
    };
    return (
      <Dialog title={t('fields.title')} closeLabel={t('action.close')} look="sheet" onClose={onClose}>
        <div className="dialog-body">
          <FieldList pointed={guide.pointed} onGo={go} />
        </div>
      </Dialog>
    );
  }
  const { field } = open;
  const back = () => {
    onClose();
    setTimeout(() => {
      guide.goTo(field);
    });
  };
  if (!isMarkField(field)) return <FieldSheet field={field} page={pageOf(session, field)} onClose={back} />;
  return (
    <Suspense fallback={null}>
      <LazyMarkDialog
        field={field}
        page={pageOf(session, field)}
        onClose={back}
        onPlaced={(everywhere) => {
          back();
          signing.announce(everywhere ? t('mark.placedAll') : t('mark.placed', { name: nameOf(field, language) }));
        }}
      />
    </Suspense>
  );
}
