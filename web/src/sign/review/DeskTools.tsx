import { Icon, type IconName } from '../../ui/Icon';
import { useLanguage } from '../language';
import { useSession } from '../SigningContext';

export type View = 'pages' | 'text';
export const ZOOMS = [0.6, 0.8, 1, 1.25, 1.5, 2] as const;

interface DeskToolsProps {
  readonly view: View;
  readonly onView: (view: View) => void;
  readonly zoom: number;
  readonly onZoom: (zoom: number) => void;
  readonly current: number;
}

interface ToolProps {
  readonly icon: IconName;
  readonly label: string;
  readonly disabled: boolean;
  readonly onClick: () => void;
}

function Tool({ icon, label, disabled, onClick }: ToolProps) {
  return (
    <button type="button" className="icon-button small" aria-label={label} title={label} disabled={disabled} onClick={onClick}>
      <Icon name={icon} size={18} />
    </button>
  );
}

function Zoom({ zoom, onZoom }: Pick<DeskToolsProps, 'zoom' | 'onZoom'>) {
  const { t, number } = useLanguage();
  const at = ZOOMS.findIndex((step) => step >= zoom);
  const step = (by: number) => () => {
    onZoom(ZOOMS[at + by] ?? zoom);
  };
  return (
    <div className="zoom">
      <Tool icon="minus" label={t('review.zoomOut')} disabled={at <= 0} onClick={step(-1)} />
      <span className="zoom-level">{t('review.zoomLevel', { percent: number(Math.round(zoom * 100)) })}</span>
      <Tool icon="plus" label={t('review.zoomIn')} disabled={at >= ZOOMS.length - 1} onClick={step(1)} />
    </div>
  );
}

/** The thin strip over the desk: where you are, how you look at it. */
export function DeskTools({ view, onView, zoom, onZoom, current }: DeskToolsProps) {
  const { t } = useLanguage();
  const pages = useSession().document.pages.length;
  return (
    <div className="desk-tools">
      <div className="segmented" role="group" aria-label={t('review.view')}>
        {(['pages', 'text'] as const).map((one) => (
          <button
            key={one}
            type="button"
            id={`view-${one}`}
            aria-pressed={view === one}
            onClick={() => {
              onView(one);
            }}
          >
            <Icon name={one === 'pages' ? 'pages' : 'bookOpen'} size={16} />
            {t(one === 'pages' ? 'review.asPages' : 'review.asText')}
          </button>
        ))}
      </div>
      {view === 'pages' && (
        <>
          <span className="page-position">{t('review.pageOf', { page: current, pages })}</span>
          <Zoom zoom={zoom} onZoom={onZoom} />
        </>
      )}
    </div>
  );
}
