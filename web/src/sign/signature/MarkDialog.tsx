import { useId, useRef, useState } from 'react';
import type { Field, Mark, PageSize } from '../../api/signing';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Tabs } from '../../ui/Tabs';
import { useLanguage } from '../language';
import { aspectOf } from '../review/geometry';
import { useSession, useSigning, useSigningState } from '../SigningContext';
import { openFields, type MarkType } from '../state/fields';
import type { SigningState } from '../state/signing';
import { DrawPad, type DrawPadHandle } from './DrawPad';
import { FACES, initialsOf, isFace } from './faces';
import { lastInputWasKeyboard } from './lastInput';
import { faultIn, fitStrokes } from './strokes';
import { TypePane, type Typed } from './TypePane';
import { UploadPane } from './UploadPane';

type Way = 'draw' | 'type' | 'upload';
type Fault = 'emptyPad' | 'tooSimple' | 'emptyText' | 'emptyPicture';
type Made = { readonly mark: Mark } | { readonly fault: Fault };

type AdoptedMarks = SigningState['adopted'];

/** What was typed before comes back; initials start in the hand of the signature. */
function firstTyped(name: string, type: MarkType, adopted: AdoptedMarks): Typed {
  const typedAs = (mark: Mark | undefined) => (mark?.kind === 'typed' && isFace(mark.font) ? mark.font : null);
  const before = adopted[type]?.mark;
  const face = typedAs(before) ?? typedAs(adopted.signature?.mark) ?? FACES[0];
  if (before?.kind === 'typed') return { text: before.text, face };
  return { text: type === 'signature' ? name : initialsOf(name), face };
}

/** How many more fields of this kind the person has. */
function useOthers(field: Field): number {
  const session = useSession();
  return openFields(session).filter((other) => other.type === field.type && other !== field).length;
}

function fromPad(pad: DrawPadHandle | null, aspect: number): Made {
  const drawing = pad?.drawing();
  const ink = drawing ? faultIn(drawing.strokes) : 'empty';
  if (!drawing || ink) return { fault: ink === 'tooSimple' ? 'tooSimple' : 'emptyPad' };
  return { mark: { kind: 'drawn', strokes: fitStrokes(drawing.strokes, drawing, aspect) } };
}

function fromText({ text, face }: Typed): Made {
  const name = text.trim();
  return name === '' ? { fault: 'emptyText' } : { mark: { kind: 'typed', text: name, font: face } };
}

interface MarkDialogProps {
  readonly field: Field & { type: MarkType };
  readonly page: PageSize;
  readonly onClose: () => void;
  readonly onPlaced: (everywhere: boolean) => void;
}

/** Where a person makes a signature or initials: by hand, in letters, or from a picture. */
export function MarkDialog({ field, page, onClose, onPlaced }: MarkDialogProps) {
  const { t } = useLanguage();
  const signing = useSigning();
  const { adopted } = useSigningState();
  const { name } = useSession().signer;
  const faultId = useId();
  const pad = useRef<DrawPadHandle>(null);
  const [way, setWay] = useState<Way>(() => (lastInputWasKeyboard() ? 'type' : 'draw'));
  const [typed, setTyped] = useState(() => firstTyped(name, field.type, adopted));
  const [image, setImage] = useState<string | null>(null);
  const [everywhere, setEverywhere] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const others = useOthers(field);
  const isSignature = field.type === 'signature';

  const made = (): Made => {
    if (way === 'draw') return fromPad(pad.current, aspectOf(field, page));
    if (way === 'type') return fromText(typed);
    return image ? { mark: { kind: 'uploaded', image } } : { fault: 'emptyPicture' };
  };
  const use = () => {
    const result = made();
    if ('fault' in result) {
      setFault(result.fault);
      return;
    }
    signing.place(field, result.mark, everywhere);
    onPlaced(everywhere);
  };
  const clearFault = () => {
    setFault(null);
  };

  return (
    <Dialog
      title={t(isSignature ? 'mark.titleSignature' : 'mark.titleInitials')}
      closeLabel={t('action.close')}
      look="sheet"
      onClose={onClose}
    >
      <div className="dialog-body mark-dialog">
        <Tabs
          label={t('mark.ways')}
          chosen={way}
          onChoose={(next) => {
            setWay(next);
            setFault(null);
          }}
          tabs={[
            {
              id: 'draw',
              label: t('mark.draw'),
              icon: 'pen',
              panel: <DrawPad handle={pad} signer={t('mark.as', { name })} onDrawn={clearFault} />,
            },
            {
              id: 'type',
              label: t('mark.type'),
              icon: 'type',
              panel: (
                <TypePane
                  type={field.type}
                  typed={typed}
                  onChange={(next) => {
                    setTyped(next);
                    setFault(null);
                  }}
                />
              ),
            },
            { id: 'upload', label: t('mark.upload'), icon: 'upload', panel: <UploadPane image={image} onImage={setImage} /> },
          ]}
        />
        <p className="field-error" id={faultId} role="alert">
          {fault && t(`mark.${fault}`)}
        </p>
        {others > 0 && (
          <label className="tick small">
            <input
              type="checkbox"
              checked={everywhere}
              onChange={(event) => {
                setEverywhere(event.currentTarget.checked);
              }}
            />
            <span>{t(isSignature ? 'mark.useAllSignature' : 'mark.useAllInitials')}</span>
          </label>
        )}
        <p className="adopt">{t(isSignature ? 'mark.adoptSignature' : 'mark.adoptInitials')}</p>
        <div className="actions">
          <Button look="primary" aria-describedby={fault ? faultId : undefined} onClick={use}>
            {t(isSignature ? 'mark.useSignature' : 'mark.useInitials')}
          </Button>
          <Button look="quiet" onClick={onClose}>
            {t('action.cancel')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
