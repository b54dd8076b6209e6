import { useEffect, useRef, useState, type CSSProperties } from 'react';
import type { Field, PageSize } from '../../api/signing';
import { useLanguage } from '../language';
import { useSession, useSigningState } from '../SigningContext';
import { isFilled, isOpen, valueOf } from '../state/fields';
import { IMAGE_WIDTHS } from './geometry';
import type { PageImages } from './pageImages';
import { usePageImage } from './usePage';

interface PageRailProps {
  readonly images: PageImages;
  readonly current: number;
  readonly onGo: (page: number) => void;
}

interface ThumbProps {
  readonly page: PageSize;
  readonly fields: readonly Field[];
  readonly images: PageImages;
  readonly current: boolean;
  readonly onGo: (page: number) => void;
}

function useSeen(): [(element: HTMLElement | null) => void, boolean] {
  const [seen, setSeen] = useState(false);
  const [element, setElement] = useState<HTMLElement | null>(null);
  useEffect(() => {
    if (!element) return undefined;
    const watch = new IntersectionObserver(([entry]) => {
      setSeen(entry?.isIntersecting ?? false);
    });
    watch.observe(element);
    return () => {
      watch.disconnect();
    };
  }, [element]);
  return [setElement, seen];
}

function Thumb({ page, fields, images, current, onGo }: ThumbProps) {
  const { t, plural } = useLanguage();
  const { values } = useSigningState();
  const [ref, seen] = useSeen();
  const image = usePageImage(images, page.page, IMAGE_WIDTHS[0], seen ? 'ahead' : 'no');
  const open = fields.filter((field) => !isFilled(valueOf(field, values)));
  const shape = { '--page-w': page.width, '--page-h': page.height } as CSSProperties;
  return (
    <li>
      <button
        ref={ref}
        type="button"
        className="thumb"
        aria-current={current ? 'page' : undefined}
        aria-label={[
          t('review.goToPage', { page: page.page }),
          ...(fields.length > 0 ? [plural('review.pageFields', fields.length)] : []),
        ].join(', ')}
        onClick={() => {
          onGo(page.page);
        }}
      >
        <span className="thumb-paper" style={shape}>
          {image.url && <img src={image.url} alt="" draggable={false} />}
          {fields.map((field) => (
            <i
              key={field.field_id}
              className={open.includes(field) ? (field.required ? 'required' : 'optional') : 'filled'}
              style={{
                left: `${String(field.x * 100)}%`,
                top: `${String(field.y * 100)}%`,
                width: `${String(field.w * 100)}%`,
                height: `${String(field.h * 100)}%`,
              }}
            />
          ))}
        </span>
        <span className="thumb-number">{page.page}</span>
      </button>
    </li>
  );
}

/** Small pages to leaf through, with what is asked on each. */
export function PageRail({ images, current, onGo }: PageRailProps) {
  const { t } = useLanguage();
  const session = useSession();
  const list = useRef<HTMLOListElement>(null);
  const open = session.fields.filter((field) => field.mine && isOpen(field));

  useEffect(() => {
    list.current?.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);

  return (
    <nav className="rail" aria-label={t('review.pages')}>
      <ol ref={list}>
        {session.document.pages.map((page) => (
          <Thumb
            key={page.page}
            page={page}
            fields={open.filter((field) => field.page === page.page)}
            images={images}
            current={page.page === current}
            onGo={onGo}
          />
        ))}
      </ol>
    </nav>
  );
}
