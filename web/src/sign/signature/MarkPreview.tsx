import type { Mark } from '../../api/signing';
import { isFace } from './faces';
import { pathOf } from './strokes';

interface MarkPreviewProps {
  readonly mark: Mark;
  /** Width over height of the box the mark stands in. */
  readonly aspect: number;
  readonly label: string;
}

const UNIT = 100;

/** A mark as it will stand on paper. */
export function MarkPreview({ mark, aspect, label }: MarkPreviewProps) {
  if (mark.kind === 'uploaded') return <img className="mark-picture" src={mark.image} alt={label} draggable={false} />;
  const width = UNIT * aspect;
  return (
    <svg
      className="mark-ink"
      viewBox={`0 0 ${String(width)} ${String(UNIT)}`}
      preserveAspectRatio="xMidYMid meet"
      role="img"
      aria-label={label}
    >
      {mark.kind === 'drawn' ? (
        mark.strokes.map((stroke, index) => <path key={index} d={pathOf(stroke, width, UNIT)} />)
      ) : (
        <text
          className={`face ${isFace(mark.font) ? mark.font : ''}`}
          x={width / 2}
          y={UNIT / 2}
          textAnchor="middle"
          dominantBaseline="central"
          fontSize={typedSize(mark.text, width)}
        >
          {mark.text}
        </text>
      )}
    </svg>
  );
}

/** Script letters are about 0.42 em wide; the name fills the box without touching its sides. */
function typedSize(text: string, width: number): number {
  return Math.min(UNIT * 0.68, (width * 0.92) / Math.max(1, text.length * 0.42));
}
