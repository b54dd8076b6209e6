import { useEffect, useRef, useState } from 'react';
import { Button } from '../../ui/Button';
import { useLanguage } from '../language';
import { pictureFrom, PictureError, type PictureFault } from './picture';

interface UploadPaneProps {
  readonly image: string | null;
  readonly onImage: (image: string | null) => void;
}

export function UploadPane({ image, onImage }: UploadPaneProps) {
  const { t } = useLanguage();
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | null>(null);
  const [clean, setClean] = useState(true);
  const [fault, setFault] = useState<PictureFault | null>(null);
  const given = useRef(onImage);

  useEffect(() => {
    given.current = onImage;
  }, [onImage]);

  useEffect(() => {
    if (!file) return undefined;
    let current = true;
    pictureFrom(file, clean).then(
      (made) => {
        if (!current) return;
        setFault(null);
        given.current(made);
      },
      (error: unknown) => {
        if (!current) return;
        setFault(error instanceof PictureError ? error.fault : 'unreadable');
        given.current(null);
      },
    );
    return () => {
      current = false;
    };
  }, [file, clean]);

  return (
    <div className="upload-pane">
      <input
        ref={input}
        className="visually-hidden"
        type="file"
        accept="image/png,image/jpeg"
        tabIndex={-1}
        aria-hidden="true"
        onChange={(event) => {
          setFile(event.currentTarget.files?.[0] ?? null);
        }}
      />
      <div className={image ? 'upload-paper filled' : 'upload-paper'}>
        {image ? <img src={image} alt={t('mark.pictureAlt')} /> : <p>{t('mark.pictureHint')}</p>}
      </div>
      <div className="upload-tools">
        <Button
          icon="upload"
          onClick={() => {
            input.current?.click();
          }}
        >
          {t(image ? 'mark.changePicture' : 'mark.choosePicture')}
        </Button>
        {file && (
          <label className="tick small">
            <input
              type="checkbox"
              checked={clean}
              onChange={(event) => {
                setClean(event.currentTarget.checked);
              }}
            />
            <span>{t('mark.clean')}</span>
          </label>
        )}
      </div>
      <p className="field-error" role="alert">
        {fault && t(`mark.${fault}`)}
      </p>
    </div>
  );
}
