import { Button } from '../../ui/Button';
import { useHeadingFocus } from '../../ui/hooks';
import { Icon } from '../../ui/Icon';
import { Notice } from '../../ui/Notice';
import { useLanguage } from '../language';
import { useSession, useSigning, useSigningState } from '../SigningContext';
import { Frame } from './Frame';

export function Later() {
  const { t, date } = useLanguage();
  const signing = useSigning();
  const { save } = useSigningState();
  const { expires_at: expires, name } = useSession().envelope;
  const heading = useHeadingFocus();
  const pending = save.status === 'waiting' || save.status === 'saving';
  return (
    <Frame>
      <article className="card centred">
        <span className="medallion">
          <Icon name="clock" size={26} />
        </span>
        <h1 ref={heading} tabIndex={-1}>
          {pending ? t(`save.${save.status === 'saving' ? 'saving' : 'waiting'}`) : t('later.title')}
        </h1>
        {pending ? (
          <Notice tone="warn" live>
            {t('stop.offline.body')}
          </Notice>
        ) : (
          <p className="lead">
            {t('later.body')} {expires && t('later.until', { date: date(expires) })}
          </p>
        )}
        <p className="done-name">{name}</p>
        <div className="actions">
          <Button
            look="primary"
            onClick={() => {
              signing.resume();
            }}
          >
            {t('later.resume')}
          </Button>
        </div>
      </article>
    </Frame>
  );
}
