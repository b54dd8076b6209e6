import { expect, test } from 'vitest';
import { blocksOf } from './disclosure';

test('a disclosure is parted into headings and paragraphs', () => {
  expect(blocksOf('Intro line\nstill intro.\r\n\r\n## Paper\nYou may ask.\n\n\n## Scope\n\nThis one.\n')).toEqual([
    { kind: 'paragraph', text: 'Intro line still intro.' },
    { kind: 'heading', text: 'Paper' },
    { kind: 'paragraph', text: 'You may ask.' },
    { kind: 'heading', text: 'Scope' },
    { kind: 'paragraph', text: 'This one.' },
  ]);
  expect(blocksOf('')).toEqual([]);
});
