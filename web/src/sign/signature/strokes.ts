import type { Stroke } from '../../api/signing';

/** How much of a box ink may fill, so that it does not touch the edges. */
const FILL = 0.9;

interface Extent {
  left: number;
  top: number;
  width: number;
  height: number;
}

function extentOf(strokes: readonly Stroke[]): Extent {
  const points = strokes.flat();
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  const left = Math.min(...xs);
  const top = Math.min(...ys);
  return { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

const round = (n: number) => Math.round(n * 10_000) / 10_000;

/**
 * Carries strokes drawn on a pad (in its pixels) into a box of another shape, as fractions of that box. Proportions
 * are kept, the ink is centred, and a small drawing is not blown up past twice the share of the pad it had.
 */
export function fitStrokes(
  strokes: readonly Stroke[],
  pad: { readonly width: number; readonly height: number },
  boxAspect: number,
): Stroke[] {
  const ink = extentOf(strokes);
  // The box in units of its own height, so that one scale serves both directions.
  const scale = Math.min(
    (FILL * boxAspect) / Math.max(ink.width, 1),
    FILL / Math.max(ink.height, 1),
    2 * Math.max(boxAspect / pad.width, 1 / pad.height),
  );
  const offsetX = (boxAspect - ink.width * scale) / 2;
  const offsetY = (1 - ink.height * scale) / 2;
  const start = strokes[0]?.[0]?.t ?? 0;
  return strokes.map((stroke) =>
    stroke.map((point) => ({
      x: round(((point.x - ink.left) * scale + offsetX) / boxAspect),
      y: round((point.y - ink.top) * scale + offsetY),
      t: Math.max(0, Math.round(point.t - start)),
      p: round(Math.min(1, Math.max(0, point.p))),
    })),
  );
}

/** Strokes that fit one box, carried into a box of another shape. */
export function refitStrokes(strokes: readonly Stroke[], from: number, to: number): Stroke[] {
  const pad = { width: from * REFIT_UNIT, height: REFIT_UNIT };
  const drawn = strokes.map((stroke) =>
    stroke.map((point) => ({ ...point, x: point.x * pad.width, y: point.y * pad.height })),
  );
  return fitStrokes(drawn, pad, to);
}

const REFIT_UNIT = 1000;

export type InkFault = 'empty' | 'tooSimple';

const DOT_PX = 12;
/** How far ink must leave the straight line between its ends, against that line's length. */
const BEND_MIN = 0.02;

function isStraight(stroke: Stroke): boolean {
  const first = stroke[0];
  const last = stroke.at(-1);
  if (!first || !last) return true;
  const length = Math.hypot(last.x - first.x, last.y - first.y);
  if (length < DOT_PX) return false;
  const bend = Math.max(
    ...stroke.map(({ x, y }) => Math.abs((last.x - first.x) * (first.y - y) - (first.x - x) * (last.y - first.y)) / length),
  );
  return bend < BEND_MIN * length;
}

/** Refuses only what cannot be meant: nothing, dots, or one lone straight line. */
export function faultIn(strokes: readonly Stroke[]): InkFault | null {
  if (strokes.flat().length === 0) return 'empty';
  const { width, height } = extentOf(strokes);
  if (width < DOT_PX && height < DOT_PX) return 'tooSimple';
  const [only] = strokes;
  return strokes.length === 1 && only && isStraight(only) ? 'tooSimple' : null;
}

/** One stroke as a smooth SVG path in a box of the given size. */
export function pathOf(stroke: Stroke, width: number, height: number): string {
  const at = stroke.map((point) => ({ x: round(point.x * width), y: round(point.y * height) }));
  const [first] = at;
  if (!first) return '';
  let path = `M${String(first.x)} ${String(first.y)}`;
  if (at.length === 1) return `${path}l.01 0`;
  for (let index = 1; index < at.length - 1; index += 1) {
    const here = at[index];
    const next = at[index + 1];
    if (!here || !next) break;
    path += `Q${String(here.x)} ${String(here.y)} ${String((here.x + next.x) / 2)} ${String((here.y + next.y) / 2)}`;
  }
  const last = at.at(-1);
  return last ? `${path}L${String(last.x)} ${String(last.y)}` : path;
}
