import { useLanguage } from '../language';
import { Frame } from './Frame';

export function Opening() {
  const { t } = useLanguage();
  return (
    <Frame>
      <div className="opening" role="status">
        <span className="spinner large" aria-hidden="true" />
        <p>{t('boot.opening')}</p>
      </div>
    </Frame>
  );
}
