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
const CELL_GAP = 1.4;
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

/**
 * The line a field belongs to: the lowest one beside it, such as its label, else the nearest above. Runs come in the
 * order of reading, which need not be that of height: a footer may come first.
 */
function anchorOf(field: Field, lines: readonly Line[]): Line | null {
  const middle = field.y + field.h / 2;
  const beside = lines.filter((line) => line.bottom > field.y && line.top < field.y + field.h);
  const above = lines.filter((line) => line.bottom <= middle);
  const lowest = (some: readonly Line[]) =>
    some.reduce<Line | null>((best, line) => (best && best.bottom >= line.bottom ? best : line), null);
  return lowest(beside) ?? lowest(above);
}

function passageOf(block: Block, usual: number): Passage {
  const [first] = block.lines;
  const text = textOf(block);
  const tall = first !== undefined && !first.row && heightOf(first) > HEADING_RATIO * usual;
  const heading = tall && block.lines.length <= 2 && text.length <= HEADING_LENGTH_MAX;
  return { kind: heading ? 'heading' : 'paragraph', text };
}

/** A page as flowing text, with the person's fields where they stand on paper. */
export function passagesOf(runs: readonly TextRun[], fields: readonly Field[]): Passage[] {
  const lines = linesOf(runs);
  const usual = median(lines.map(heightOf));
  const anchors = fields.map((field) => ({ field, line: anchorOf(field, lines) }));
  const at = (here: (line: Line | null) => boolean): Passage[] =>
    anchors.filter(({ line }) => here(line)).map(({ field }) => ({ kind: 'field', field }));
  return [
    ...at((line) => line === null),
    ...blocksOf(lines, fields).flatMap((block) => [
      passageOf(block, usual),
      ...at((line) => line !== null && block.lines.includes(line)),
    ]),
  ];
}
