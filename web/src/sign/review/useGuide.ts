import { useCallback, useState } from 'react';
import type { Field } from '../../api/signing';
import { useLanguage } from '../language';
import { useSession, useSigning, useSigningState } from '../SigningContext';
import { missingFields, openFields } from '../state/fields';
import { controlId } from './FieldOnPage';
import { nameOf } from './names';

function reducedMotion(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** Brings a field's control to the middle of the view and puts focus on it. */
function bringForward(fieldId: string): void {
  const control = document.getElementById(controlId(fieldId));
  control?.scrollIntoView({ block: 'center', inline: 'nearest', behavior: reducedMotion() ? 'auto' : 'smooth' });
  control?.focus({ preventScroll: true });
}

export interface Guide {
  /** The field the person was last taken to. */
  readonly pointed: string | null;
  readonly goTo: (field: Field) => void;
  /** On to the next required field; opens it if the person is there already; then to the last sheet. */
  readonly next: () => void;
}

interface GuidePorts {
  readonly compact: boolean;
  readonly open: (field: Field) => void;
  readonly confirm: () => void;
}

/** Leads through the document: which field is next, and the way there. */
export function useGuide({ compact, open, confirm }: GuidePorts): Guide {
  const language = useLanguage();
  const signing = useSigning();
  const session = useSession();
  const { values } = useSigningState();
  const [pointed, setPointed] = useState<string | null>(null);

  const goTo = useCallback(
    (field: Field) => {
      setPointed(field.field_id);
      bringForward(field.field_id);
      signing.announce(language.t('next.arrived', { name: nameOf(field, language), page: field.page }));
    },
    [signing, language],
  );

  const finish = () => {
    if (signing.readyToSign()) {
      confirm();
      return;
    }
    const { problems } = signing.snapshot();
    const wrong = openFields(session).find((field) => field.field_id in problems);
    if (wrong) goTo(wrong);
  };

  const next = () => {
    const target = missingFields(session, values)[0];
    if (!target) {
      finish();
      return;
    }
    const there = pointed === target.field_id;
    const typed = target.type !== 'signature' && target.type !== 'initials' && target.type !== 'checkbox';
    goTo(target);
    if (there || (compact && typed)) open(target);
  };

  return { pointed, goTo, next };
}
