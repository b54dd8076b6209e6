import type { Field, FieldValue, Mark, OtpChannel, OtpSent, Session, SigningApi } from '../../api/signing';
import { isPassing, Problem } from '../../api/problem';
import { isOpen, missingFields, openFields, type MarkType, type Values } from './fields';
import { aspectOf } from '../review/geometry';
import { refitStrokes } from '../signature/strokes';
import { finishTruthfully } from './finish';
import { SaveQueue, type SaveStatus } from './saveQueue';
import { screenOf, stopFor, type Screen, type Situation, type Stop } from './screen';
import { problemWith, type FieldProblem } from './validate';

export type FinishStage = 'idle' | 'saving' | 'signing' | 'checking' | 'unknown' | 'failed';
export type Notice = 'changed' | 'missing' | null;

/** A mark the person made, and the shape of the box it was made for. */
export interface Adopted {
  readonly mark: Mark;
  readonly aspect: number;
}

/** Everything the page knows, in one place. */
export interface SigningState extends Situation {
  readonly screen: Screen;
  readonly values: Values;
  readonly problems: Readonly<Record<string, FieldProblem>>;
  readonly adopted: Readonly<Partial<Record<MarkType, Adopted>>>;
  readonly save: { readonly status: SaveStatus | null; readonly at: number | null };
  readonly finish: FinishStage;
  readonly finishReference: string | null;
  readonly notice: Notice;
  readonly announcement: string;
}

export interface SigningPorts {
  readonly api: SigningApi;
  now(): number;
  random(): number;
  wait(ms: number): Promise<void>;
}

type Change = Partial<Omit<SigningState, 'screen'>>;

const START: SigningState = {
  session: null,
  stop: null,
  begun: false,
  left: false,
  screen: { at: 'opening' },
  values: {},
  problems: {},
  adopted: {},
  save: { status: null, at: null },
  finish: 'idle',
  finishReference: null,
  notice: null,
  announcement: '',
};

const TYPING_SETTLES_MS = 600;
/** Browsers refuse keepalive bodies over 64 KiB in sum. */
const KEEPALIVE_BYTES_MAX = 60_000;

/**
 * One person's signing of one envelope. The server owns the state: every answer that changes it is a session, and the
 * screen is derived from that session. What lives here only is what is being typed, saved or confirmed.
 */
export class Signing {
  readonly #ports: SigningPorts;
  readonly #queue: SaveQueue;
  readonly #listeners = new Set<() => void>();
  #state: SigningState = START;

  constructor(ports: SigningPorts) {
    this.#ports = ports;
    this.#queue = new SaveQueue({
      put: (fieldId, value) => ports.api.putField(fieldId, value),
      refused: (fieldId, error) => {
        this.#saveRefused(fieldId, error);
      },
      changed: () => {
        this.#change({ save: { status: this.#queue.status, at: this.#queue.savedAt } });
      },
      now: () => ports.now(),
      random: () => ports.random(),
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): SigningState => this.#state;

  // ── The way through ────────────────────────────────────────────────

  stopWith(stop: Stop): void {
    this.#change({ stop });
  }

  /** Asks the server where things stand. */
  async load(): Promise<void> {
    try {
      this.#arrived(await this.#ports.api.session());
    } catch (error) {
      // While somebody is filling in, a lost connection is the save chip's matter, not a stop.
      if (isPassing(error) && this.#state.session && !this.#state.stop) return;
      this.#change({ stop: stopFor(error) });
    }
  }

  begin(): void {
    this.#change({ begun: true });
  }

  leave(): void {
    this.#queue.hurry();
    this.#change({ left: true });
  }

  resume(): void {
    this.#change({ left: false, begun: true });
  }

  /** These three throw what their own form must show; anything that ends the way becomes a stop. */
  async consent(disclosureId: string): Promise<void> {
    await this.#step(async () => {
      this.#arrived(await this.#ports.api.consent(disclosureId));
    });
  }

  async sendCode(channel: OtpChannel): Promise<OtpSent | null> {
    let sent: OtpSent | null = null;
    await this.#step(async () => {
      sent = await this.#ports.api.sendCode(channel);
    });
    return sent;
  }

  async verifyCode(channel: OtpChannel, code: string): Promise<void> {
    await this.#step(async () => {
      this.#arrived(await this.#ports.api.verifyCode(channel, code));
    });
  }

  async decline(reason: string): Promise<void> {
    await this.#step(async () => {
      await this.#ports.api.decline(reason);
      await this.load();
    });
  }

  // ── Filling in ─────────────────────────────────────────────────────

  /** Takes what is being typed; it is saved once typing pauses, and judged when the person leaves the field. */
  enter(field: Field, value: FieldValue, settled = false): void {
    this.#change({
      values: { ...this.#state.values, [field.field_id]: value },
      problems: without(this.#state.problems, field.field_id),
      notice: this.#state.notice === 'missing' ? null : this.#state.notice,
    });
    // Half a date or phone number stays here until it is whole.
    if (isMalformed(field, value)) return;
    this.#queue.set(field.field_id, value, settled ? 0 : TYPING_SETTLES_MS);
  }

  /** Judges a field the person has left. An empty one is not scolded: the count says what is missing. */
  leaveField(field: Field): void {
    const value = this.#state.values[field.field_id];
    if (value === undefined) return;
    const problem = problemWith(field, value);
    if (problem && problem.kind !== 'missing') {
      this.#change({ problems: { ...this.#state.problems, [field.field_id]: problem } });
    }
    this.#queue.hurry();
  }

  /** Places a mark in one field, or in every field of its kind. */
  place(field: Field & { type: MarkType }, mark: Mark, everywhere: boolean): void {
    const { session } = this.#state;
    if (!session) return;
    const adopted = { mark, aspect: aspectIn(session, field) };
    this.#change({ adopted: { ...this.#state.adopted, [field.type]: adopted } });
    for (const one of openFields(session)) {
      if (one === field || (everywhere && one.type === field.type)) this.#put(one, adopted);
    }
  }

  /** One tap places what the person has already made; false when they have made nothing yet. */
  placeAdopted(field: Field & { type: MarkType }): boolean {
    const adopted = this.#state.adopted[field.type];
    if (adopted) this.#put(field, adopted);
    return adopted !== undefined;
  }

  #put(field: Field, { mark, aspect }: Adopted): void {
    const { session } = this.#state;
    if (!session) return;
    const fitted =
      mark.kind === 'drawn'
        ? { ...mark, strokes: refitStrokes(mark.strokes, aspect, aspectIn(session, field)) }
        : mark;
    this.enter(field, fitted, true);
  }

  announce(announcement: string): void {
    this.#change({ announcement });
  }

  dismissNotice(): void {
    this.#change({ notice: null });
  }

  /** The network is back. */
  online(): void {
    this.#queue.hurry();
    const { stop } = this.#state;
    if (stop?.reason === 'offline' || stop?.reason === 'server') void this.load();
  }

  hasUnsaved(): boolean {
    return this.#queue.unsaved().length > 0;
  }

  /** A last try for what is not saved yet, while the page goes away. */
  closing(): void {
    let room = KEEPALIVE_BYTES_MAX;
    for (const [fieldId, value] of this.#queue.unsaved()) {
      const size = JSON.stringify(value).length;
      if (size > room) continue;
      room -= size;
      this.#ports.api.putField(fieldId, value, true).catch(() => undefined);
    }
  }

  // ── Signing ────────────────────────────────────────────────────────

  /** True when nothing is in the way of the last sheet; marks what is. */
  readyToSign(): boolean {
    const { session, values } = this.#state;
    if (!session) return false;
    const problems: Record<string, FieldProblem> = {};
    for (const field of openFields(session)) {
      const problem = problemWith(field, values[field.field_id] ?? field.value);
      if (problem) problems[field.field_id] = problem;
    }
    const ready = Object.keys(problems).length === 0;
    this.#change({ problems, notice: ready ? null : 'missing', finish: 'idle', finishReference: null });
    return ready;
  }

  async finish(): Promise<void> {
    const { session, finish } = this.#state;
    // A second press while the first is under way means nothing new.
    if (!session || finish === 'saving' || finish === 'signing' || finish === 'checking') return;
    this.#change({ finish: 'saving', finishReference: null });
    await this.#queue.settled();
    const current = this.#state.session ?? session;
    if (Object.keys(this.#state.problems).length > 0) {
      this.#change({ finish: 'idle', notice: 'missing' });
      return;
    }
    this.#change({ finish: 'signing' });
    await this.#complete(current.document.sha256);
  }

  async #complete(sha256: string): Promise<void> {
    try {
      const outcome = await finishTruthfully(
        {
          api: this.#ports.api,
          wait: (ms) => this.#ports.wait(ms),
          checking: () => {
            this.#change({ finish: 'checking' });
          },
        },
        sha256,
      );
      if (outcome.kind === 'signed') this.#arrived(outcome.session);
      else if (outcome.kind === 'unknown') this.#change({ finish: 'unknown' });
      else await this.#finishRefused(outcome.problem);
    } catch (error) {
      this.#change({ finish: 'idle', stop: stopFor(error) });
    }
  }

  async #finishRefused(problem: Problem): Promise<void> {
    if (problem.slug === 'document-changed') {
      await this.load();
      this.#change({ finish: 'idle', notice: 'changed' });
    } else if (problem.slug === 'validation') {
      await this.load();
      this.readyToSign();
      this.#change({ finish: 'idle', notice: 'missing' });
    } else if (isPassing(problem)) {
      this.#change({ finish: 'failed', finishReference: problem.reference });
    } else {
      this.#change({ finish: 'idle' });
      await this.#settleProblem(problem);
    }
  }

  // ── Inside ─────────────────────────────────────────────────────────

  async #step(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (await this.#settleProblem(error)) return;
      throw error;
    }
  }

  /** Takes care of refusals that concern the whole way; says whether it did. */
  async #settleProblem(error: unknown): Promise<boolean> {
    if (!(error instanceof Problem)) return false;
    const lost = error.status === 401 || error.slug === 'not-your-turn';
    if (lost) this.#change({ stop: stopFor(error) });
    else if (error.slug === 'wrong-step') await this.load();
    else if (error.slug === 'envelope-closed') await this.#closed(error);
    return lost || error.slug === 'wrong-step' || error.slug === 'envelope-closed';
  }

  /** The session knows more about why it is closed than the refusal does. */
  async #closed(problem: Problem): Promise<void> {
    await this.load();
    const { screen } = this.#state;
    if (screen.at !== 'done' && screen.at !== 'stop') this.#change({ stop: stopFor(problem) });
  }

  #saveRefused(fieldId: string, error: unknown): void {
    if (error instanceof Problem && (error.status === 422 || error.status === 413 || error.status === 403)) {
      const problem: FieldProblem = { kind: 'refused', detail: firstDetail(error) };
      this.#change({ problems: { ...this.#state.problems, [fieldId]: problem } });
      return;
    }
    void this.#settleProblem(error).then((settled) => {
      if (!settled) this.#change({ stop: stopFor(error) });
    });
  }

  /** Takes a session in. Entries not yet acknowledged outlive it; acknowledged ones give way to what the server has. */
  #arrived(session: Session): void {
    const values: Record<string, FieldValue> = {};
    for (const field of session.fields.filter(isOpen)) {
      const entered = this.#state.values[field.field_id];
      if (entered === undefined) continue;
      if (this.#queue.isUnsaved(field.field_id) || isMalformed(field, entered)) values[field.field_id] = entered;
    }
    this.#change({ session, stop: null, values, finish: 'idle' });
  }

  #change(change: Change): void {
    const next = { ...this.#state, ...change };
    this.#state = { ...next, screen: sameOr(this.#state.screen, screenOf(next)) };
    for (const listener of this.#listeners) listener();
  }
}

/** Keeps the old object while nothing about the screen changed, so that no screen is mounted anew for nothing. */
function sameOr(before: Screen, after: Screen): Screen {
  return JSON.stringify(before) === JSON.stringify(after) ? before : after;
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

function isMalformed(field: Field, value: FieldValue): boolean {
  const problem = problemWith(field, value);
  return problem !== null && problem.kind !== 'missing';
}

const LETTER = { page: 1, width: 612, height: 792 };

function aspectIn(session: Session, field: Field): number {
  return aspectOf(field, session.document.pages.find((page) => page.page === field.page) ?? LETTER);
}

function firstDetail(problem: Problem): string {
  const errors = problem.members['errors'];
  const first: unknown = Array.isArray(errors) ? errors[0] : null;
  if (typeof first === 'object' && first !== null && 'detail' in first && typeof first.detail === 'string') {
    return first.detail;
  }
  return problem.detail;
}

export function isReady(state: SigningState): boolean {
  return state.session !== null && missingFields(state.session, state.values).length === 0;
}
