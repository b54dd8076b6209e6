import { describe, expect, test } from 'vitest';
import { fieldSample } from '../../../fixtures/samples';
import { aspectOf, fieldUnder, imageWidthFor, wantOf } from './geometry';

const SHEET = { width: 374, height: 484 };

describe('the width a page is asked for at', () => {
  test('is the smallest that is sharp', () => {
    expect(imageWidthFor(374, 2)).toBe(800);
    expect(imageWidthFor(374, 3)).toBe(1200);
    expect(imageWidthFor(820, 1)).toBe(800);
    expect(imageWidthFor(820, 2)).toBe(1600);
    expect(imageWidthFor(1600, 3)).toBe(2400);
  });
});

describe('a finger', () => {
  const small = fieldSample({ field_id: 'small', x: 0.1, y: 0.5, w: 0.3, h: 0.03 });
  const below = fieldSample({ field_id: 'below', x: 0.1, y: 0.56, w: 0.3, h: 0.03 });
  const hit = (x: number, y: number) => fieldUnder({ x, y }, [small, below], SHEET)?.field_id ?? null;

  test('reaches a field that is 15 px tall from 44 px', () => {
    expect(hit(60, 242 - 14)).toBe('small');
    expect(hit(60, 242 - 20)).toBeNull();
  });

  test('between two fields reaches the nearer', () => {
    expect(hit(60, 260)).toBe('small');
    expect(hit(60, 268)).toBe('below');
  });

  test('beside a wide field reaches nothing', () => {
    expect(hit(10, 250)).toBeNull();
  });
});

test('a field’s shape is that of its box on paper', () => {
  expect(aspectOf({ w: 0.5, h: 0.1 }, { page: 1, width: 600, height: 800 })).toBe(3.75);
});

test('pages are wanted by how near they are to the eye', () => {
  expect([1, 2, 3, 4].map((page) => wantOf(page, []))).toEqual(['now', 'ahead', 'ahead', 'no']);
  expect([7, 8, 10, 12, 14, 15].map((page) => wantOf(page, [10, 12]))).toEqual(['no', 'ahead', 'now', 'now', 'ahead', 'no']);
});
