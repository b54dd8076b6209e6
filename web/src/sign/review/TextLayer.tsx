import type { CSSProperties } from 'react';
import type { PageSize, TextRun } from '../../api/signing';

let pen: CanvasRenderingContext2D | null = null;

/** Width of a run in a plain face at 1 unit of size; where canvases are blocked, an average serves. */
function naturalWidth(text: string): number {
  pen ??= document.createElement('canvas').getContext('2d');
  if (!pen) return text.length * 0.5;
  pen.font = '100px sans-serif';
  return pen.measureText(text).width / 100;
}

function placeOf(run: TextRun, page: PageSize): CSSProperties {
  const size = run.h * page.height;
  const stretch = (run.w * page.width) / Math.max(0.01, naturalWidth(run.text) * size);
  return {
    left: `${String(run.x * 100)}%`,
    top: `${String(run.y * 100)}%`,
    // The sheet is a size container, so one point of paper is a hundredth of its width over its width in points.
    fontSize: `${String((size / page.width) * 100)}cqw`,
    transform: `scaleX(${stretch.toFixed(4)})`,
  };
}

/** The page's words over its picture, unseen: to select, to search and to be read out. */
export function TextLayer({ runs, page }: { readonly runs: readonly TextRun[]; readonly page: PageSize }) {
  return (
    <div className="text-layer">
      {runs.map((run, index) => (
        <span key={index} style={placeOf(run, page)}>
          {run.text}{' '}
        </span>
      ))}
    </div>
  );
}
