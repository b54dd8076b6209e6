import { useEffect, useMemo, useState } from 'react';
import type { Field, PageSize, TextRun } from '../../api/signing';
import { useLanguage } from '../language';
import { useSession } from '../SigningContext';
import { isOpen, myFields } from '../state/fields';
import { FieldForm } from './FieldForm';
import { passagesOf } from './flow';
import type { PageTexts } from './pageTexts';

interface ReadAsTextProps {
  readonly texts: PageTexts;
  readonly onOpen: (field: Field) => void;
}

/** Fetches one page after the other, so that find-in-page and screen readers have the whole soon. */
function useAllTexts(texts: PageTexts, pages: readonly PageSize[]): ReadonlyMap<number, readonly TextRun[]> {
  const [got, setGot] = useState<ReadonlyMap<number, readonly TextRun[]>>(new Map());
  useEffect(() => {
    let current = true;
    const readOn = async () => {
      for (const { page } of pages) {
        if (!current) return;
        const runs = await texts.get(page).catch(() => null);
        if (runs) setGot((before) => new Map(before).set(page, runs));
      }
    };
    void readOn();
    return () => {
      current = false;
    };
  }, [texts, pages]);
  return got;
}

interface TextPageProps {
  readonly page: PageSize;
  readonly runs: readonly TextRun[] | undefined;
  readonly fields: readonly Field[];
  readonly onOpen: (field: Field) => void;
}

function TextPage({ page, runs, fields, onOpen }: TextPageProps) {
  const { t } = useLanguage();
  const passages = useMemo(() => passagesOf(runs ?? [], fields), [runs, fields]);
  return (
    <section className="text-page" data-page={page.page} aria-labelledby={`text-page-${String(page.page)}`}>
      <h2 id={`text-page-${String(page.page)}`}>{t('review.page', { page: page.page })}</h2>
      {!runs && <p className="meta">{t('review.textLoading', { page: page.page })}</p>}
      {runs?.length === 0 && <p className="meta">{t('review.noText')}</p>}
      {passages.map((passage, index) => {
        if (passage.kind === 'field') {
          return <FieldForm key={passage.field.field_id} field={passage.field} page={page} onOpen={onOpen} />;
        }
        return passage.kind === 'heading' ? <h3 key={index}>{passage.text}</h3> : <p key={index}>{passage.text}</p>;
      })}
    </section>
  );
}

/** The whole document as flowing text with the fields inline: for screen readers, high zoom and small screens. */
export function ReadAsText({ texts, onOpen }: ReadAsTextProps) {
  const session = useSession();
  const { pages } = session.document;
  const got = useAllTexts(texts, pages);
  const byPage = useMemo(() => fieldsByPage(myFields(session).filter(isOpen)), [session]);
  return (
    <article className="as-text">
      {pages.map((page) => (
        <TextPage
          key={page.page}
          page={page}
          runs={got.get(page.page)}
          fields={byPage.get(page.page) ?? NONE}
          onOpen={onOpen}
        />
      ))}
    </article>
  );
}

const NONE: readonly Field[] = [];

function fieldsByPage(fields: readonly Field[]): ReadonlyMap<number, readonly Field[]> {
  const byPage = new Map<number, Field[]>();
  for (const field of fields) byPage.set(field.page, [...(byPage.get(field.page) ?? []), field]);
  return byPage;
}
