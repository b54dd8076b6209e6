import { describe, expect, test } from 'vitest';
import { fieldSample } from '../../../fixtures/samples';
import { runsOf } from '../../../fixtures/paper';
import type { TextRun } from '../../api/signing';
import { passagesOf } from './flow';

const line = (text: string, y: number, more: Partial<TextRun> = {}): TextRun => ({ text, x: 0.1, y, w: 0.6, h: 0.012, ...more });

describe('a page read as text', () => {
  test('joins lines into paragraphs and parts them at wider gaps', () => {
    const runs = [line('One two', 0.1), line('three.', 0.12), line('Four', 0.17), line('five.', 0.19)];
    expect(passagesOf(runs, [])).toEqual([
      { kind: 'paragraph', text: 'One two three.' },
      { kind: 'paragraph', text: 'Four five.' },
    ]);
  });

  test('joins the words of a line and mends a broken one', () => {
    const runs = [line('Full', 0.1, { w: 0.05 }), line('name', 0.1, { x: 0.153, w: 0.05 }), line('agree-', 0.12), line('ment', 0.14)];
    expect(passagesOf(runs, [])).toEqual([{ kind: 'paragraph', text: 'Full name agreement' }]);
  });

  test('tells larger lines as headings', () => {
    const runs = [line('Terms', 0.05, { h: 0.02 }), line('One', 0.1), line('two', 0.12), line('three', 0.14)];
    expect(passagesOf(runs, [])[0]).toEqual({ kind: 'heading', text: 'Terms' });
  });

  test('keeps the rows of a table apart, and their cells', () => {
    const cell = (text: string, x: number, y: number) => line(text, y, { x, w: 0.1 });
    const runs = [cell('Amount', 0.1, 0.1), cell('Due', 0.5, 0.1), cell('$ 511.59', 0.1, 0.115), cell('Monthly', 0.5, 0.115)];
    expect(passagesOf(runs, [])).toEqual([
      { kind: 'paragraph', text: 'Amount · Due' },
      { kind: 'paragraph', text: '$ 511.59 · Monthly' },
    ]);
  });

  test('puts fields where they stand, and those below the text at the end', () => {
    const between = fieldSample({ field_id: 'between', y: 0.14, h: 0.02 });
    const last = fieldSample({ field_id: 'last', y: 0.9 });
    const kinds = passagesOf([line('Before', 0.1), line('After', 0.2)], [between, last]).map((passage) =>
      passage.kind === 'field' ? passage.field.field_id : passage.text,
    );
    expect(kinds).toEqual(['Before', 'between', 'After', 'last']);
  });

  test('puts a field after the label beside it, though a footer was read first', () => {
    const runs = [line('Page 1', 0.95), line('Buyer: Ana', 0.55), line('Buyer signature:', 0.6), line('After', 0.7)];
    const field = fieldSample({ field_id: 'sign', y: 0.57, h: 0.045 });
    const kinds = passagesOf(runs, [field]).map((one) => (one.kind === 'field' ? one.field.field_id : one.text));
    expect(kinds).toEqual(['Page 1', 'Buyer: Ana', 'Buyer signature:', 'sign', 'After']);
  });

  test('keeps a whole contract in order', () => {
    const passages = passagesOf(runsOf(1), []);
    expect(passages[0]).toEqual({ kind: 'heading', text: 'Vehicle Financing Agreement' });
    expect(passages.filter((passage) => passage.kind === 'heading')).toHaveLength(5);
    const parties = passages.find((passage) => passage.kind === 'paragraph' && passage.text.startsWith('This agreement'));
    expect(parties).toMatchObject({ text: expect.stringMatching(/both have signed\.$/) as string });
  });

  test('a scanned page has no passages but its fields', () => {
    expect(passagesOf([], [])).toEqual([]);
  });
});
