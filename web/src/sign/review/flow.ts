import type { Field, TextRun } from '../../api/signing';

/** A piece of a page read as text. */
export type Passage =
  | { readonly kind: 'heading' | 'paragraph'; readonly text: string }
  | { readonly kind: 'field'; readonly field: Field };

interface Line {
  text: string;
  /** Parts of it stand far apart: a row of a table. */
  row: boolean;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

interface Block {
  lines: Line[];
}

/** A line this much taller than the page's usual one is taken for a heading. */
const HEADING_RATIO = 1.08;
/** And no longer than this. */
const HEADING_LENGTH_MAX = 90;
/** A gap wider than the page's usual one by this share of a line's height starts a new paragraph. */
const PARAGRAPH_GAP = 0.3;
/** However widely a page is set, a gap of this many heights is no line spacing. */
const GAP_MAX = 2.2;
/** Runs further apart than this many heights are cells of a table. */
const CELL_GAP = 2;
/** Runs part by more than this share of the height are different words. */
const WORD_GAP = 0.18;

function sharesLine(line: Line, run: TextRun): boolean {
  const overlap = Math.min(line.bottom, run.y + run.h) - Math.max(line.top, run.y);
  return overlap > 0.5 * Math.min(line.bottom - line.top, run.h) && run.x >= line.left;
}

const isCell = (line: Line, run: TextRun) => run.x - line.right > CELL_GAP * run.h;

function separator(line: Line, run: TextRun): string {
  if (isCell(line, run)) return ' · ';
  const spaced = line.text.endsWith(' ') || run.text.startsWith(' ');
  return !spaced && run.x - line.right > WORD_GAP * run.h ? ' ' : '';
}

function join(line: Line, run: TextRun): void {
  line.text += separator(line, run) + run.text;
  line.row ||= isCell(line, run);
  line.right = Math.max(line.right, run.x + run.w);
  line.top = Math.min(line.top, run.y);
  line.bottom = Math.max(line.bottom, run.y + run.h);
}

function linesOf(runs: readonly TextRun[]): Line[] {
  const lines: Line[] = [];
  for (const run of runs) {
    const line = lines.at(-1);
    if (line && sharesLine(line, run)) join(line, run);
    else lines.push({ text: run.text, row: false, left: run.x, right: run.x + run.w, top: run.y, bottom: run.y + run.h });
  }
  return lines.filter((line) => line.text.trim() !== '');
}

const heightOf = (line: Line) => line.bottom - line.top;

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

function usualGap(lines: readonly Line[]): number {
  const gaps = lines.slice(1).map((line, index) => line.top - (lines[index]?.bottom ?? line.top));
  return median(gaps.filter((gap) => gap >= 0));
}

/** A field on a line of its own parts the text above it from the text below. */
function isParted(above: Line, below: Line, fields: readonly Field[]): boolean {
  return fields.some(({ y, h }) => y + h / 2 > above.bottom && y + h / 2 < below.top);
}

function continues(last: Line, line: Line, usual: number): boolean {
  const gap = line.top - last.bottom;
  const alike = Math.abs(heightOf(line) - heightOf(last)) < 0.06 * heightOf(last);
  return alike && !line.row && !last.row && gap > -heightOf(line) && gap < Math.min(usual + PARAGRAPH_GAP * heightOf(line), GAP_MAX * heightOf(line));
}

function blocksOf(lines: readonly Line[], fields: readonly Field[]): Block[] {
  const usual = usualGap(lines);
  const blocks: Block[] = [];
  for (const line of lines) {
    const block = blocks.at(-1);
    const last = block?.lines.at(-1);
    if (block && last && continues(last, line, usual) && !isParted(last, line, fields)) block.lines.push(line);
    else blocks.push({ lines: [line] });
  }
  return blocks;
}

/** A word broken at the end of a line is put together again. */
function textOf(block: Block): string {
  return block.lines.reduce((text, line) => {
    if (text === '') return line.text.trim();
    return /\p{L}-$/u.test(text) ? text.slice(0, -1) + line.text.trim() : `${text} ${line.text.trim()}`;
  }, '');
}

/** A page as flowing text, with the person's fields where they stand on paper. */
export function passagesOf(runs: readonly TextRun[], fields: readonly Field[]): Passage[] {
  const lines = linesOf(runs);
  const usual = median(lines.map(heightOf));
  const waiting = [...fields];
  const passages: Passage[] = [];
  for (const block of blocksOf(lines, fields)) {
    const top = block.lines[0]?.top ?? 0;
    while (waiting[0] && waiting[0].y + waiting[0].h / 2 < top) take(waiting, passages);
    const text = textOf(block);
    const tall = heightOf(block.lines[0] ?? EMPTY) > HEADING_RATIO * usual;
    const heading = tall && block.lines.length <= 2 && !block.lines[0]?.row && text.length <= HEADING_LENGTH_MAX;
    passages.push({ kind: heading ? 'heading' : 'paragraph', text });
  }
  while (waiting.length > 0) take(waiting, passages);
  return passages;
}

const EMPTY: Line = { text: '', row: false, left: 0, right: 0, top: 0, bottom: 0 };

function take(waiting: Field[], passages: Passage[]): void {
  const field = waiting.shift();
  if (field) passages.push({ kind: 'field', field });
}
