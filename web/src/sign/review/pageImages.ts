export interface PageImagesPorts {
  load(page: number, width: number, signal: AbortSignal): Promise<Blob>;
  createUrl(blob: Blob): string;
  revokeUrl(url: string): void;
}

interface Picture {
  readonly url: string;
  readonly bytes: number;
  holders: number;
  usedAt: number;
}

interface Waiting {
  readonly key: string;
  readonly page: number;
  readonly width: number;
  readonly signal: AbortSignal;
  readonly resolve: (url: string) => void;
  readonly reject: (error: unknown) => void;
  urgent: boolean;
}

/** Compressed pictures kept for scrolling back, also without a network. */
const KEPT_BYTES_MAX = 24 * 1024 * 1024;
const AT_ONCE_MAX = 3;
/** Of those that nobody looks at yet, so that they never slow down one that is looked at. */
const AHEAD_MAX = 1;

/**
 * The drawn pages. The bearer token keeps them from being plain addresses, so each is fetched and held as a blob; one
 * that nobody shows any more is given up when the store is full, the longest unseen first.
 */
export class PageImages {
  readonly #ports: PageImagesPorts;
  readonly #pictures = new Map<string, Picture>();
  #waiting: Waiting[] = [];
  #loading = 0;
  #clock = 0;

  constructor(ports: PageImagesPorts) {
    this.#ports = ports;
  }

  /** A picture that is here already, without asking. */
  peek(page: number, width: number): string | null {
    return this.#pictures.get(keyOf(page, width))?.url ?? null;
  }

  /** Holds a picture until `release`; it is fetched ahead, when nothing more urgent is under way. */
  async acquire(page: number, width: number, signal: AbortSignal): Promise<string> {
    const key = keyOf(page, width);
    if (!this.#pictures.has(key)) {
      await new Promise<string>((resolve, reject) => {
        this.#waiting.push({ key, page, width, signal, resolve, reject, urgent: false });
        this.#pump();
      });
    }
    signal.throwIfAborted();
    const picture = this.#pictures.get(key);
    if (!picture) throw new Error(`page ${String(page)} was given up while it was awaited`);
    picture.holders += 1;
    return picture.url;
  }

  /** The person looks at this page now: it goes before all others, the latest looked at first. */
  hurry(page: number, width: number): void {
    for (const wanted of this.#waiting) {
      if (wanted.key === keyOf(page, width)) wanted.urgent = true;
    }
    this.#pump();
  }

  release(page: number, width: number): void {
    const picture = this.#pictures.get(keyOf(page, width));
    if (!picture) return;
    picture.holders -= 1;
    picture.usedAt = this.#clock += 1;
    this.#tidy();
  }

  /** The document changed: no picture of it holds any more. */
  forget(): void {
    for (const picture of this.#pictures.values()) this.#ports.revokeUrl(picture.url);
    this.#pictures.clear();
  }

  #pump(): void {
    for (let next = this.#next(); next; next = this.#next()) void this.#fetch(next);
  }

  #next(): Waiting | undefined {
    this.#forgetUnwanted();
    const urgent = this.#waiting.findLastIndex((one) => one.urgent);
    if (urgent < 0) return this.#loading < AHEAD_MAX ? this.#waiting.shift() : undefined;
    // The very first picture gets the whole line: nothing has been seen yet.
    const atOnce = this.#pictures.size === 0 ? 1 : AT_ONCE_MAX;
    return this.#loading < atOnce ? this.#waiting.splice(urgent, 1)[0] : undefined;
  }

  /** What has scrolled past makes way at once. */
  #forgetUnwanted(): void {
    for (const { signal, reject } of this.#waiting) if (signal.aborted) reject(signal.reason);
    this.#waiting = this.#waiting.filter(({ signal }) => !signal.aborted);
  }

  async #fetch(wanted: Waiting): Promise<void> {
    this.#loading += 1;
    try {
      wanted.signal.throwIfAborted();
      const held = this.#pictures.get(wanted.key);
      wanted.resolve(held?.url ?? this.#keep(wanted.key, await this.#ports.load(wanted.page, wanted.width, wanted.signal)));
    } catch (error) {
      wanted.reject(error);
    } finally {
      this.#loading -= 1;
      this.#pump();
    }
  }

  #keep(key: string, blob: Blob): string {
    const already = this.#pictures.get(key);
    if (already) return already.url;
    const url = this.#ports.createUrl(blob);
    this.#pictures.set(key, { url, bytes: blob.size, holders: 0, usedAt: (this.#clock += 1) });
    return url;
  }

  #tidy(): void {
    const idle = [...this.#pictures].filter(([, picture]) => picture.holders <= 0);
    let bytes = idle.reduce((sum, [, picture]) => sum + picture.bytes, 0);
    for (const [key, picture] of idle.sort(([, a], [, b]) => a.usedAt - b.usedAt)) {
      if (bytes <= KEPT_BYTES_MAX) return;
      bytes -= picture.bytes;
      this.#ports.revokeUrl(picture.url);
      this.#pictures.delete(key);
    }
  }
}

function keyOf(page: number, width: number): string {
  return `${String(page)}@${String(width)}`;
}
