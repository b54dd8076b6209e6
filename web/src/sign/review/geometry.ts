import type { Field, PageSize } from '../../api/signing';

/** Widths the server draws pages at. */
export const IMAGE_WIDTHS = [800, 1200, 1600, 2400] as const;

/** The smallest drawn width that is sharp for a page shown this wide on this screen. */
export function imageWidthFor(cssWidth: number, pixelRatio: number): number {
  const needed = cssWidth * pixelRatio;
  // A few per cent short cannot be seen and spares the next size up.
  return IMAGE_WIDTHS.find((width) => width >= needed * 0.92) ?? 2400;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The smallest target a finger hits surely (WCAG 2.5.5). */
export const TOUCH_TARGET_PX = 44;

/** How far a point lies outside a span that is widened to the size of a touch target; 0 inside the span itself. */
function reach(at: number, start: number, length: number): number | null {
  const slack = Math.max(0, (TOUCH_TARGET_PX - length) / 2);
  const outside = Math.max(start - at, at - (start + length), 0);
  return outside <= slack ? outside : null;
}

/**
 * The field a finger meant: the nearest one whose box, widened to a touch target, holds the point. Fields on paper are
 * often 19 px tall on a phone, and widened boxes may overlap; the nearest visible box wins.
 */
export function fieldUnder(
  point: Point,
  fields: readonly Field[],
  sheet: { readonly width: number; readonly height: number },
): Field | null {
  let best: { field: Field; distance: number } | null = null;
  for (const field of fields) {
    const dx = reach(point.x, field.x * sheet.width, field.w * sheet.width);
    const dy = reach(point.y, field.y * sheet.height, field.h * sheet.height);
    if (dx === null || dy === null) continue;
    const distance = Math.hypot(dx, dy);
    if (!best || distance < best.distance) best = { field, distance };
  }
  return best?.field ?? null;
}

/** Shape of a field's box as it will stand on paper: width over height. */
export function aspectOf(field: Pick<Field, 'w' | 'h'>, page: PageSize): number {
  return (field.w * page.width) / (field.h * page.height);
}

/** Height of a field on paper, in points. */
export function heightPt(field: Pick<Field, 'h'>, page: PageSize): number {
  return field.h * page.height;
}

/** How much a page's picture is wanted: looked at now, soon perhaps, or not. */
export type Want = 'now' | 'ahead' | 'no';

/** Visible pages are wanted now, two on either side of them soon. */
export function wantOf(page: number, visible: readonly number[], around = 2): Want {
  const first = visible.length === 0 ? 1 : Math.min(...visible);
  const last = Math.max(first, ...visible);
  if (page >= first && page <= last) return 'now';
  return page >= first - around && page <= last + around ? 'ahead' : 'no';
}
