import type { PageText, TextRun } from '../../api/signing';

/** The words of the pages, each asked for once and kept: a page is a few kilobytes. */
export class PageTexts {
  readonly #load: (page: number) => Promise<PageText>;
  readonly #asked = new Map<number, Promise<readonly TextRun[]>>();

  constructor(load: (page: number) => Promise<PageText>) {
    this.#load = load;
  }

  get(page: number): Promise<readonly TextRun[]> {
    const asked = this.#asked.get(page);
    if (asked) return asked;
    const answer = this.#load(page).then((text) => text.runs);
    this.#asked.set(page, answer);
    // A failure is not kept: the next look asks again.
    answer.catch(() => this.#asked.delete(page));
    return answer;
  }
}
