import { describe, expect, test } from 'vitest';
import type { Stroke } from '../../api/signing';
import { faultIn, fitStrokes, pathOf, refitStrokes } from './strokes';

const PAD = { width: 1000, height: 400 };
const stroke = (...points: readonly (readonly [number, number])[]): Stroke =>
  points.map(([x, y], index) => ({ x, y, t: 1_000 + index * 16, p: 0.5 }));
const WAVE = stroke([200, 200], [300, 100], [400, 260], [500, 120], [600, 220]);

function extent(strokes: readonly Stroke[], aspect: number) {
  const xs = strokes.flat().map((point) => point.x * aspect);
  const ys = strokes.flat().map((point) => point.y);
  return { width: Math.max(...xs) - Math.min(...xs), height: Math.max(...ys) - Math.min(...ys) };
}

describe('strokes carried into a box', () => {
  test.each([1, 2.5, 5, 8])('stay inside it, keep their shape and are centred (%d : 1)', (aspect) => {
    const fitted = fitStrokes([WAVE], PAD, aspect);
    const points = fitted.flat();
    expect(points.every(({ x, y }) => x >= 0 && x <= 1 && y >= 0 && y <= 1)).toBe(true);
    const { width, height } = extent(fitted, aspect);
    expect(width / height).toBeCloseTo(400 / 160, 1);
    const middle = (Math.min(...points.map((p) => p.x)) + Math.max(...points.map((p) => p.x))) / 2;
    expect(middle).toBeCloseTo(0.5, 2);
  });

  test('start their clock at the first point', () => {
    expect(fitStrokes([WAVE], PAD, 3).flat().map((point) => point.t)).toEqual([0, 16, 32, 48, 64]);
  });

  test('a small drawing is not blown up without measure', () => {
    const small = stroke([480, 190], [500, 205], [520, 192]);
    expect(extent(fitStrokes([small], PAD, 2.5), 2.5).width).toBeLessThan(0.25);
  });

  test('can be carried on into a box of another shape', () => {
    const fitted = fitStrokes([WAVE], PAD, 5);
    const again = refitStrokes(fitted, 5, 2);
    const { width, height } = extent(again, 2);
    expect(width / height).toBeCloseTo(400 / 160, 1);
  });
});

describe('a drawing', () => {
  test('is refused only when it cannot be meant', () => {
    expect(faultIn([])).toBe('empty');
    expect(faultIn([stroke([10, 10], [12, 11])])).toBe('tooSimple');
    expect(faultIn([stroke([10, 10], [200, 10], [400, 11])])).toBe('tooSimple');
    expect(faultIn([WAVE])).toBeNull();
    expect(faultIn([stroke([10, 10], [400, 10]), stroke([200, 0], [200, 90])])).toBeNull();
  });

  test('becomes a smooth path', () => {
    expect(pathOf([], 10, 10)).toBe('');
    expect(pathOf([{ x: 0.5, y: 0.5, t: 0, p: 0 }], 10, 10)).toBe('M5 5l.01 0');
    const path = pathOf(stroke([0, 0], [0.5, 1], [1, 0]), 10, 10);
    expect(path).toBe('M0 0Q5 10 7.5 5L10 0');
  });
});
