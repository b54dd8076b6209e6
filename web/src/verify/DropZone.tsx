import { useId, useRef } from 'react';
import { Button } from '../ui/Button';
import { Icon } from '../ui/Icon';
import { useLanguage } from './language';

interface DropZoneProps {
  readonly onFile: (file: File) => void;
  /** A file is being held over the page. */
  readonly over: boolean;
}

/** A place to drop a file, with a button that does the same for everybody who does not drag. */
export function DropZone({ onFile, over }: DropZoneProps) {
  const { t } = useLanguage();
  const input = useRef<HTMLInputElement>(null);
  const noteId = useId();

  return (
    <div className={over ? 'drop-zone over' : 'drop-zone'}>
      <span className="medallion">
        <Icon name="document" size={26} />
      </span>
      <p className="drop-title">{t(over ? 'drop.release' : 'drop.title')}</p>
      <p className="meta">{t('drop.or')}</p>
      <input
        ref={input}
        className="visually-hidden"
        type="file"
        accept="application/pdf,.pdf"
        tabIndex={-1}
        aria-hidden="true"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file) onFile(file);
        }}
      />
      <Button
        look="primary"
        icon="upload"
        aria-describedby={noteId}
        onClick={() => {
          input.current?.click();
        }}
      >
        {t('drop.choose')}
      </Button>
      <p className="meta drop-note" id={noteId}>
        {t('drop.note')}
      </p>
    </div>
  );
}
