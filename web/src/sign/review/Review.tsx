import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Field } from '../../api/signing';
import { useMediaQuery } from '../../ui/hooks';
import { Icon } from '../../ui/Icon';
import { Notice } from '../../ui/Notice';
import { fileNameFor, saveFile } from '../../ui/saveFile';
import { useLanguage } from '../language';
import { useRoom, useSession, useSigningState } from '../SigningContext';
import { useAttempt } from '../screens/FormFault';
import { fetchMarkDialog } from '../signature/lazyMarkDialog';
import { isFilled, isMarkField, missingFields, valueOf } from '../state/fields';
import { Desk } from './Desk';
import { DeskTools, type View } from './DeskTools';
import { FieldList } from './FieldList';
import { NextAction, ProgressLine } from './NextAction';
import { Overlay, type Open } from './Overlay';
import { PageImages } from './pageImages';
import { PageRail } from './PageRail';
import { PageTexts } from './pageTexts';
import { ReadAsText } from './ReadAsText';
import { ReviewBar } from './ReviewBar';
import { useGuide, type Guide } from './useGuide';

/** Late enough not to compete with the first page, long before anybody has read to a signature. */
const DIALOG_AFTER_MS = 2_500;

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

/** The document on the desk, what is asked of the person, and the one button that leads through it. */
export function Review() {
  const { t } = useLanguage();
  const { signing } = useRoom();
  const session = useSession();
  const { values } = useSigningState();
  const { images, texts } = usePaper();
  const scroller = useRef<HTMLElement>(null);
  const [view, setView] = useState<View>('pages');
  const [zoom, setZoom] = useState(1);
  const [current, setCurrent] = useState(1);
  const [open, setOpen] = useState<Open>(null);
  const phone = useMediaQuery('(max-width: 760px)');
  const download = useDownload();
  const goToPage = (page: number) => {
    scroller.current?.querySelector(`[data-page="${String(page)}"]`)?.scrollIntoView({ block: 'start' });
  };

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

  const allDone = missingFields(session, values).length === 0;
  const wasDone = useRef(allDone);
  useEffect(() => {
    if (allDone && !wasDone.current) signing.announce(t('next.allDone'));
    wasDone.current = allDone;
  }, [allDone, signing, t]);

  useEffect(() => {
    // After the first page has had the line to itself.
    const timer = setTimeout(() => void fetchMarkDialog(), DIALOG_AFTER_MS);
    return () => {
      clearTimeout(timer);
    };
  }, []);

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
      <Overlay open={open} guide={guide} onClose={close} />
    </div>
  );
}
