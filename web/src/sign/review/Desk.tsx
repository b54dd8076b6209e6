import { useEffect, useRef, useState, type CSSProperties, type RefObject } from 'react';
import type { Field } from '../../api/signing';
import { useSession } from '../SigningContext';
import { myFields } from '../state/fields';
import { imageWidthFor, wantOf } from './geometry';
import type { PageImages } from './pageImages';
import type { PageTexts } from './pageTexts';
import { Sheet } from './Sheet';
import { useVisiblePages } from './useVisiblePages';

interface DeskProps {
  readonly images: PageImages;
  readonly texts: PageTexts;
  readonly scroller: RefObject<HTMLElement | null>;
  readonly zoom: number;
  readonly compact: boolean;
  readonly pointed: string | null;
  readonly onOpen: (field: Field) => void;
  readonly onPage: (page: number) => void;
}

function useWidthOf(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const watched = element.current;
    if (!watched) return undefined;
    const watch = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.round(entry.contentRect.width));
    });
    watch.observe(watched);
    return () => {
      watch.disconnect();
    };
  }, [element]);
  return width;
}

/** The document as a stack of sheets; only those near the eye hold a picture and words. */
export function Desk({ images, texts, scroller, zoom, compact, pointed, onOpen, onPage }: DeskProps) {
  const session = useSession();
  const { pages } = session.document;
  const stack = useRef<HTMLDivElement>(null);
  const width = useWidthOf(stack);
  const { visible, current } = useVisiblePages(scroller, pages.length);
  const imageWidth = width === 0 ? 0 : imageWidthFor(width, devicePixelRatio);
  const mine = myFields(session);

  useEffect(() => {
    onPage(current);
  }, [current, onPage]);

  return (
    <div className="stack" ref={stack} style={{ '--zoom': zoom } as CSSProperties}>
      {pages.map((page) => (
        <Sheet
          key={page.page}
          page={page}
          pages={pages.length}
          mine={mine.filter((field) => field.page === page.page)}
          others={session.fields.filter((field) => !field.mine && field.page === page.page)}
          images={images}
          texts={texts}
          imageWidth={imageWidth}
          want={wantOf(page.page, visible)}
          compact={compact}
          pointed={pointed}
          onOpen={onOpen}
        />
      ))}
    </div>
  );
}
