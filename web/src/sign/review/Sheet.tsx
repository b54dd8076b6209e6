import { useEffect, useRef, type CSSProperties } from 'react';
import type { Field, PageSize } from '../../api/signing';
import { Button } from '../../ui/Button';
import { useLanguage } from '../language';
import { isFilled, isOpen } from '../state/fields';
import { controlId, FieldOnPage, OthersField } from './FieldOnPage';
import { fieldUnder, type Want } from './geometry';
import type { PageImages } from './pageImages';
import type { PageTexts } from './pageTexts';
import { TextLayer } from './TextLayer';
import { usePageImage, usePageText, type PageImage } from './usePage';

export interface SheetProps {
  readonly page: PageSize;
  readonly pages: number;
  readonly mine: readonly Field[];
  readonly others: readonly Field[];
  readonly images: PageImages;
  readonly texts: PageTexts;
  readonly imageWidth: number;
  readonly want: Want;
  readonly compact: boolean;
  readonly pointed: string | null;
  readonly onOpen: (field: Field) => void;
}

/** Lets a finger that lands beside a small field reach it; a mouse hits what it points at. */
function useTouchReach(fields: readonly Field[]) {
  const sheet = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = sheet.current;
    if (!element) return undefined;
    const onClick = (event: MouseEvent) => {
      const touched = event instanceof PointerEvent && event.pointerType === 'touch';
      if (!touched || !(event.target instanceof Element) || event.target.closest('button, input, select, textarea')) return;
      const box = element.getBoundingClientRect();
      const field = fieldUnder({ x: event.clientX - box.left, y: event.clientY - box.top }, fields, box);
      const control = field && document.getElementById(controlId(field.field_id));
      control?.focus();
      control?.click();
    };
    element.addEventListener('click', onClick);
    return () => {
      element.removeEventListener('click', onClick);
    };
  }, [fields]);
  return sheet;
}

interface PagePictureProps {
  readonly page: number;
  readonly image: PageImage;
  readonly near: boolean;
}

function PagePicture({ page, image, near }: PagePictureProps) {
  const { t } = useLanguage();
  if (image.url) return <img className="page-image" src={image.url} alt="" draggable={false} />;
  if (!near) return null;
  if (!image.failed) return <div className="page-loading" />;
  return (
    <div className="page-missing">
      <p>{t('review.pageFailed', { page })}</p>
      <Button onClick={image.retry}>{t('action.retry')}</Button>
    </div>
  );
}

/** One page of paper. */
export function Sheet(props: SheetProps) {
  const { page, pages, mine, others, images, texts, imageWidth, want, compact, pointed, onOpen } = props;
  const { t } = useLanguage();
  const near = want !== 'no';
  const image = usePageImage(images, page.page, imageWidth, want);
  const runs = usePageText(texts, page.page, image.url !== null);
  const sheet = useTouchReach(mine.filter(isOpen));
  const shape = { '--page-w': page.width, '--page-h': page.height } as CSSProperties;

  return (
    <section
      ref={sheet}
      className="page-sheet"
      style={shape}
      data-page={page.page}
      aria-label={t('review.pageOf', { page: page.page, pages })}
    >
      <PagePicture page={page.page} image={image} near={near} />
      {near && runs && <TextLayer runs={runs} page={page} />}
      {others
        .filter((field) => !field.done && !isFilled(field.value))
        .map((field) => (
          <OthersField key={field.field_id} field={field} />
        ))}
      {mine.map((field) => (
        <FieldOnPage
          key={field.field_id}
          field={field}
          page={page}
          compact={compact}
          pointed={pointed === field.field_id}
          onOpen={onOpen}
        />
      ))}
      <p className="sheet-number" aria-hidden="true">
        {t('review.pageOf', { page: page.page, pages })}
      </p>
    </section>
  );
}
