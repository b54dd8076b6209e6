import { describe, expect, test } from 'vitest';
import { fileNameFor } from '../../ui/saveFile';
import { initialsOf } from './faces';
import { clearPaper, pictureTypeOf } from './picture';

describe('a chosen picture', () => {
  test('is known by its first bytes, not by its name', () => {
    expect(pictureTypeOf(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10]))).toBe('image/png');
    expect(pictureTypeOf(new Uint8Array([0xff, 0xd8, 0xff, 0xe0]))).toBe('image/jpeg');
    expect(pictureTypeOf(new TextEncoder().encode('<svg>'))).toBeNull();
    expect(pictureTypeOf(new Uint8Array())).toBeNull();
  });

  test('loses its paper, also a grey one, and keeps its ink', () => {
    const grey = [190, 188, 180, 255];
    const ink = [20, 25, 60, 255];
    const pixels = new Uint8ClampedArray([...grey, ...grey, ...ink, ...grey, ...grey, ...grey]);
    clearPaper(pixels);
    expect([pixels[3], pixels[7], pixels[11]]).toEqual([0, 0, 255]);
    expect([...pixels.slice(8, 11)]).toEqual([20, 25, 60]);
  });
});

test('initials are the first letters of the names', () => {
  expect(initialsOf('Ana María Ruiz')).toBe('AMR');
  expect(initialsOf('  Óscar  de la-Peña ')).toBe('ÓDLP');
  expect(initialsOf('7 Seven')).toBe('S');
  expect(initialsOf('')).toBe('');
});

test('a title becomes a file name every system takes', () => {
  expect(fileNameFor('Vehicle: Financing / 2026', 'pdf')).toBe('Vehicle Financing 2026.pdf');
  expect(fileNameFor('contract.PDF', 'pdf')).toBe('contract.pdf');
  expect(fileNameFor('///', 'pdf')).toBe('document.pdf');
});
