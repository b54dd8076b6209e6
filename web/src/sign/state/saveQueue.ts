import type { FieldValue } from '../../api/signing';
import { isPassing } from '../../api/problem';

export type SaveStatus = 'saving' | 'waiting' | 'saved' | 'failed';

export interface SaveQueuePorts {
  put(fieldId: string, value: FieldValue): Promise<void>;
  /** A save the server refused for good; the queue drops it and goes on. */
  refused(fieldId: string, error: unknown): void;
  changed(): void;
  now(): number;
  /** 0 ≤ n < 1, spreads retries so that returning clients do not arrive together. */
  random(): number;
}

interface Entry {
  value: FieldValue;
  attempts: number;
  timer: ReturnType<typeof setTimeout> | null;
  inFlight: boolean;
  /** Set while a request is out and a newer value came. */
  stale: boolean;
}

const RETRY_FIRST_MS = 800;
const RETRY_MAX_MS = 20_000;

export function retryDelayMs(attempts: number, random: number): number {
  const ceiling = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.max(0, attempts - 1));
  return ceiling / 2 + (ceiling / 2) * random;
}

/**
 * Carries entries to the server as they are made. For each field one request is out at a time and the newest value
 * wins; without an answer it tries again for as long as the page is open.
 */
export class SaveQueue {
  readonly #ports: SaveQueuePorts;
  readonly #entries = new Map<string, Entry>();
  readonly #idle = new Set<() => void>();
  #savedAt: number | null = null;
  #failed = false;

  constructor(ports: SaveQueuePorts) {
    this.#ports = ports;
  }

  /** Takes a value to save. `delayMs` lets typing settle before the first try. */
  set(fieldId: string, value: FieldValue, delayMs = 0): void {
    const entry = this.#entries.get(fieldId) ?? this.#admit(fieldId, value);
    entry.value = value;
    entry.attempts = 0;
    this.#failed = false;
    if (entry.inFlight) entry.stale = true;
    else this.#schedule(fieldId, entry, delayMs);
    this.#ports.changed();
  }

  /** Sends everything that waits, now: the network is back, or the person is about to sign. */
  hurry(): void {
    for (const [fieldId, entry] of this.#entries) {
      if (!entry.inFlight) this.#schedule(fieldId, entry, 0);
    }
  }

  /** Resolves once nothing is left to save. */
  async settled(): Promise<void> {
    this.hurry();
    if (this.#entries.size === 0) return;
    await new Promise<void>((resolve) => this.#idle.add(resolve));
  }

  /** Entries not yet acknowledged, for a last try while the page closes. */
  unsaved(): [fieldId: string, value: FieldValue][] {
    return [...this.#entries].map(([fieldId, entry]) => [fieldId, entry.value]);
  }

  isUnsaved(fieldId: string): boolean {
    return this.#entries.has(fieldId);
  }

  get savedAt(): number | null {
    return this.#savedAt;
  }

  get status(): SaveStatus | null {
    const entries = [...this.#entries.values()];
    if (entries.some((entry) => entry.attempts > 0)) return 'waiting';
    if (entries.length > 0) return 'saving';
    if (this.#failed) return 'failed';
    return this.#savedAt === null ? null : 'saved';
  }

  #admit(fieldId: string, value: FieldValue): Entry {
    const entry: Entry = { value, attempts: 0, timer: null, inFlight: false, stale: false };
    this.#entries.set(fieldId, entry);
    return entry;
  }

  #schedule(fieldId: string, entry: Entry, delayMs: number): void {
    if (entry.timer !== null) clearTimeout(entry.timer);
    entry.timer = setTimeout(() => {
      entry.timer = null;
      void this.#send(fieldId, entry);
    }, delayMs);
  }

  async #send(fieldId: string, entry: Entry): Promise<void> {
    entry.inFlight = true;
    entry.stale = false;
    try {
      await this.#ports.put(fieldId, entry.value);
      entry.inFlight = false;
      this.#acknowledged(fieldId, entry);
    } catch (error) {
      entry.inFlight = false;
      this.#unanswered(fieldId, entry, error);
    }
    this.#ports.changed();
  }

  #acknowledged(fieldId: string, entry: Entry): void {
    this.#savedAt = this.#ports.now();
    if (entry.stale) this.#schedule(fieldId, entry, 0);
    else this.#forget(fieldId);
  }

  #unanswered(fieldId: string, entry: Entry, error: unknown): void {
    if (entry.stale) {
      this.#schedule(fieldId, entry, 0);
    } else if (isPassing(error)) {
      entry.attempts += 1;
      this.#schedule(fieldId, entry, retryDelayMs(entry.attempts, this.#ports.random()));
    } else {
      this.#failed = true;
      this.#forget(fieldId);
      this.#ports.refused(fieldId, error);
    }
  }

  #forget(fieldId: string): void {
    this.#entries.delete(fieldId);
    if (this.#entries.size > 0) return;
    for (const resolve of this.#idle) resolve();
    this.#idle.clear();
  }
}
