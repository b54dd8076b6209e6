import { LanguageMenu } from '../../ui/LanguageMenu';
import { Menu } from '../../ui/Menu';
import { Wordmark } from '../../ui/Wordmark';
import { useLanguage } from '../language';
import { useSession } from '../SigningContext';
import { SaveChip } from './SaveChip';

interface ReviewBarProps {
  readonly onDownload: () => void;
  readonly onLater: () => void;
  readonly onDecline: () => void;
}

export function ReviewBar({ onDownload, onLater, onDecline }: ReviewBarProps) {
  const { t, locale, choose } = useLanguage();
  const { name, sender } = useSession().envelope;
  return (
    <header className="bar review-bar">
      <Wordmark name={t('brand.home')} />
      <div className="bar-title">
        <h1 tabIndex={-1}>{name}</h1>
        {sender && <p>{sender}</p>}
      </div>
      <SaveChip />
      <LanguageMenu locale={locale} label={t('language.label')} onChoose={choose} />
      <Menu
        label={t('more.label')}
        items={[
          { label: t('more.download'), icon: 'download', onChoose: onDownload },
          { label: t('more.later'), icon: 'clock', onChoose: onLater },
          { label: t('more.decline'), icon: 'close', danger: true, onChoose: onDecline },
        ]}
      />
    </header>
  );
}
