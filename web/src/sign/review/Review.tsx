import { useCallback, useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import type { Field, PageSize, Session } from '../../api/signing';
import { Dialog } from '../../ui/Dialog';
import { useMediaQuery } from '../../ui/hooks';
import { Icon } from '../../ui/Icon';
import { Notice } from '../../ui/Notice';
import { fileNameFor, saveFile } from '../../ui/saveFile';
import { useLanguage } from '../language';
import { useRoom, useSession, useSigningState } from '../SigningContext';
import { Confirm } from '../screens/Confirm';
import { Decline } from '../screens/Decline';
import { useAttempt } from '../screens/FormFault';
import { useMarkDialog } from '../signature/useMarkDialog';
import { isFilled, isMarkField, valueOf } from '../state/fields';
import { Desk } from './Desk';
import { DeskTools, type View } from './DeskTools';
import { FieldList } from './FieldList';
import { FieldSheet } from './FieldSheet';
import { nameOf } from './names';
import { NextAction, ProgressLine } from './NextAction';
import { PageImages } from './pageImages';
import { PageRail } from './PageRail';
import { PageTexts } from './pageTexts';
import { ReadAsText } from './ReadAsText';
import { ReviewBar } from './ReviewBar';
import { useGuide, type Guide } from './useGuide';

type Open =
  | { readonly what: 'field'; readonly field: Field }
  | { readonly what: 'list' }
  | { readonly what: 'confirm' }
  | { readonly what: 'decline' }
  | null;

/** Pictures and words of the document that is open; another revision gets its own. */
function usePaper(): { images: PageImages; texts: PageTexts } {
  const { api } = useRoom();
  const { sha256 } = useSession().document;
  const paper = useMemo(
    () => ({
      images: new PageImages({
        load: (page, width, signal) => api.pageImage(page, width, sha256, signal),
        createUrl: (blob) => URL.createObjectURL(blob),
        revokeUrl: (url) => {
          URL.revokeObjectURL(url);
        },
      }),
      texts: new PageTexts((page) => api.pageText(page)),
    }),
    [api, sha256],
  );
  useEffect(
    () => () => {
      paper.images.forget();
    },
    [paper],
  );
  return paper;
}

function useDownload() {
  const { api } = useRoom();
  const { name } = useSession().envelope;
  const attempt = useAttempt();
  const start = () =>
    void attempt.run(async () => {
      saveFile(await api.document(), fileNameFor(name, 'pdf'));
    });
  return { start, failed: attempt.fault !== null };
}

function pageOf(session: Session, field: Field): PageSize {
  return session.document.pages.find((page) => page.page === field.page) ?? { page: 1, width: 612, height: 792 };
}

function Notices({ downloadFailed }: { readonly downloadFailed: boolean }) {
  const { t } = useLanguage();
  const { notice } = useSigningState();
  return (
    <>
      {notice && (
        <Notice tone="warn" live>
          {t(`confirm.${notice}`)}
        </Notice>
      )}
      {downloadFailed && (
        <Notice tone="warn" live>
          {t('download.failed')}
        </Notice>
      )}
    </>
  );
}

interface PanelProps {
  readonly guide: Guide;
}

function Panel({ guide }: PanelProps) {
  const { t, date } = useLanguage();
  const { expires_at: expires } = useSession().envelope;
  return (
    <aside className="panel" aria-label={t('fields.title')}>
      <div className="panel-head">
        <h2>{t('fields.title')}</h2>
        <ProgressLine />
      </div>
      <div className="panel-list">
        <FieldList pointed={guide.pointed} onGo={guide.goTo} />
      </div>
      <div className="panel-foot">
        <NextAction pointed={guide.pointed} onNext={guide.next} />
        <p className="meta">{expires ? t('expiry.note', { date: date(expires) }) : t('save.kept')}</p>
      </div>
    </aside>
  );
}

function Dock({ guide, onList }: PanelProps & { readonly onList: () => void }) {
  const { t } = useLanguage();
  return (
    <footer className="dock">
      <button type="button" className="dock-count" onClick={onList}>
        <ProgressLine brief />
        <span className="visually-hidden">{t('fields.show')}</span>
        <Icon name="list" size={20} />
      </button>
      <NextAction pointed={guide.pointed} onNext={guide.next} />
    </footer>
  );
}

interface OpenedProps {
  readonly open: Open;
  readonly guide: Guide;
  readonly onClose: () => void;
}

/** Whatever lies over the document. */
function Opened({ open, guide, onClose }: OpenedProps) {
  const language = useLanguage();
  const { t } = language;
  const { signing } = useRoom();
  const session = useSession();
  const MarkDialog = useMarkDialog();
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
  return MarkDialog && (
    <MarkDialog
      field={field}
      page={pageOf(session, field)}
      onClose={back}
      onPlaced={(everywhere) => {
        back();
        signing.announce(everywhere ? t('mark.placedAll') : t('mark.placed', { name: nameOf(field, language) }));
      }}
    />
  );
}

function useScrollToPage(scroller: RefObject<HTMLElement | null>) {
  return useCallback(
    (page: number) => {
      scroller.current?.querySelector(`[data-page="${String(page)}"]`)?.scrollIntoView({ block: 'start' });
    },
    [scroller],
  );
}

/** The document on the desk, what is asked of the person, and the one button that leads through it. */
export function Review() {
  const { t } = useLanguage();
  const { signing } = useRoom();
  const { values } = useSigningState();
  const { images, texts } = usePaper();
  const scroller = useRef<HTMLElement>(null);
  const [view, setView] = useState<View>('pages');
  const [zoom, setZoom] = useState(1);
  const [current, setCurrent] = useState(1);
  const [open, setOpen] = useState<Open>(null);
  const phone = useMediaQuery('(max-width: 760px)');
  const download = useDownload();
  const goToPage = useScrollToPage(scroller);

  const close = useCallback(() => {
    setOpen(null);
  }, []);
  const openField = (field: Field) => {
    // Somebody who has made their signature once places it again with one tap.
    const again = isMarkField(field) && !isFilled(valueOf(field, values)) && signing.placeAdopted(field);
    const inPlace = !isMarkField(field) && !(phone && view === 'pages');
    if (!again && !inPlace) setOpen({ what: 'field', field });
  };
  const guide = useGuide({
    compact: phone && view === 'pages',
    open: openField,
    confirm: () => {
      setOpen({ what: 'confirm' });
    },
  });

  useEffect(() => {
    document.querySelector<HTMLElement>('.review-bar h1')?.focus({ preventScroll: true });
  }, []);

  return (
    <div className="review">
      <button type="button" className="skip" onClick={guide.next}>
        {t('review.skipNext')}
      </button>
      <button
        type="button"
        className="skip"
        onClick={() => {
          setView('text');
          scroller.current?.focus();
        }}
      >
        {t('review.skipText')}
      </button>
      <ReviewBar
        onDownload={download.start}
        onLater={() => {
          signing.leave();
        }}
        onDecline={() => {
          setOpen({ what: 'decline' });
        }}
      />
      {view === 'pages' && !phone && <PageRail images={images} current={current} onGo={goToPage} />}
      <main className="desk" ref={scroller} tabIndex={-1} aria-label={t('review.document')}>
        <DeskTools view={view} onView={setView} zoom={zoom} onZoom={setZoom} current={current} />
        <div className="desk-notices">
          <Notices downloadFailed={download.failed} />
        </div>
        {view === 'pages' ? (
          <Desk
            images={images}
            texts={texts}
            scroller={scroller}
            zoom={phone ? 1 : zoom}
            compact={phone}
            pointed={guide.pointed}
            onOpen={openField}
            onPage={setCurrent}
          />
        ) : (
          <ReadAsText texts={texts} onOpen={openField} />
        )}
      </main>
      {phone ? (
        <Dock
          guide={guide}
          onList={() => {
            setOpen({ what: 'list' });
          }}
        />
      ) : (
        <Panel guide={guide} />
      )}
      <Opened open={open} guide={guide} onClose={close} />
    </div>
  );
}
