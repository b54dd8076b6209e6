export interface Block {
  readonly kind: 'heading' | 'paragraph';
  readonly text: string;
}

/** The plain-text form of a disclosure: blank lines part paragraphs, `## ` starts a heading. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  for (const part of text.replace(/\r\n?/g, '\n').split(/\n\s*\n/)) {
    let paragraph: string[] = [];
    const flush = () => {
      const joined = paragraph.join(' ').trim();
      if (joined !== '') blocks.push({ kind: 'paragraph', text: joined });
      paragraph = [];
    };
    for (const line of part.split('\n')) {
      if (line.startsWith('## ')) {
        flush();
        blocks.push({ kind: 'heading', text: line.slice(3).trim() });
      } else {
        paragraph.push(line.trim());
      }
    }
    flush();
  }
  return blocks;
}
