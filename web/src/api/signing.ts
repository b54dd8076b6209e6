import type { Http } from './http';

/** The wire of the signing API. Geometry is in fractions of the visible page, origin top left. */

export type FieldType =
  | 'signature'
  | 'initials'
  | 'text'
  | 'date'
  | 'datenow'
  | 'checkbox'
  | 'select'
  | 'radio'
  | 'phone';

export interface StrokePoint {
  readonly x: number;
  readonly y: number;
  /** Milliseconds from the first point of the first stroke. */
  readonly t: number;
  /** Pressure, 0–1. */
  readonly p: number;
}

export type Stroke = readonly StrokePoint[];

/** What a person makes to sign or initial with. It travels as strokes, letters or a picture; the server draws it. */
export type Mark =
  | { readonly kind: 'drawn'; readonly strokes: readonly Stroke[] }
  | { readonly kind: 'typed'; readonly text: string; readonly font: string }
  | { readonly kind: 'uploaded'; readonly image: string };

export type FieldValue = string | boolean | Mark | null;

export interface Field {
  readonly field_id: string;
  readonly name: string;
  readonly type: FieldType;
  readonly page: number;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly required: boolean;
  readonly readonly: boolean;
  readonly options: readonly string[] | null;
  readonly value: FieldValue;
  readonly owner: string;
  readonly mine: boolean;
  /** Its owner has signed: what it holds is part of the page's picture. */
  readonly done?: boolean;
}

export type StepType = 'consent' | 'otp_email' | 'otp_sms' | 'otp_whatsapp' | 'biometric' | 'sign';

export interface Step {
  readonly type: StepType;
  readonly status: StepStatus;
}

export type StepStatus = 'pending' | 'current' | 'passed' | 'locked';

export interface PageSize {
  readonly page: number;
  /** Points. */
  readonly width: number;
  readonly height: number;
}

export interface Session {
  readonly envelope: {
    readonly envelope_id: string;
    readonly name: string;
    readonly status: string;
    readonly message: string | null;
    readonly sender: string | null;
    readonly expires_at: string | null;
    readonly order_mode: string;
  };
  readonly signer: {
    readonly signer_id: string;
    readonly name: string;
    readonly email: string;
    readonly role: string;
    readonly status: 'waiting' | 'sent' | 'viewed' | 'signed' | 'declined';
    readonly signed_at?: string | null;
  };
  readonly steps: readonly Step[];
  readonly current_step: StepType | null;
  readonly disclosure: Disclosure | null;
  readonly document: {
    readonly sha256: string;
    readonly url: string;
    readonly pages: readonly PageSize[];
  };
  readonly fields: readonly Field[];
}

export interface Disclosure {
  readonly id: string;
  readonly locale: string;
  readonly title: string;
  /** Plain text; blank lines part paragraphs, a line that starts with `## ` is a heading. */
  readonly text: string;
  readonly sha256: string;
}

/** A run of page text in reading order. */
export interface TextRun {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface PageText {
  readonly page: number;
  readonly runs: readonly TextRun[];
}

export type OtpChannel = 'email' | 'sms' | 'whatsapp';

export interface OtpSent {
  readonly channel: OtpChannel;
  readonly to_masked: string;
  readonly expires_at: string;
  readonly cooldown_until: string;
}

export interface SigningApi {
  session(): Promise<Session>;
  consent(disclosureId: string): Promise<Session>;
  sendCode(channel: OtpChannel): Promise<OtpSent>;
  verifyCode(channel: OtpChannel, code: string): Promise<Session>;
  putField(fieldId: string, value: FieldValue, keepalive?: boolean): Promise<void>;
  complete(documentSha256: string): Promise<void>;
  decline(reason: string): Promise<void>;
  pageImage(page: number, width: number, documentSha256: string, signal: AbortSignal): Promise<Blob>;
  pageText(page: number): Promise<PageText>;
  document(): Promise<Blob>;
  copy(): Promise<Blob>;
}

/** The server's names for how far a step is. */
const STEP_STATUSES: Readonly<Record<string, StepStatus>> = {
  waiting: 'pending',
  open: 'current',
  pending_review: 'current',
  done: 'passed',
  pending: 'pending',
  current: 'current',
  passed: 'passed',
  locked: 'locked',
};

/** Takes a session off the wire. */
export function readSession(body: unknown): Session {
  const session = body as Session;
  const steps = session.steps.map((step) => ({ ...step, status: STEP_STATUSES[step.status] ?? 'pending' }));
  return { ...session, steps };
}

const BASE = '/api/signing';
const DOWNLOAD_TIMEOUT_MS = 120_000;

export function signingApi(http: Http): SigningApi {
  const post = (path: string, json: unknown) => http.json(`${BASE}/${path}`, { method: 'POST', json });
  const file = (path: string) => http.blob(`${BASE}/${path}`, { timeoutMs: DOWNLOAD_TIMEOUT_MS });
  return {
    session: async () => readSession(await http.json(`${BASE}/session`)),
    consent: async (id) => readSession(await post('consent', { disclosure_id: id, accepted: true })),
    sendCode: async (channel) => (await post('otp', { channel })) as OtpSent,
    verifyCode: async (channel, code) => readSession(await post('otp/verify', { channel, code })),
    putField: async (fieldId, value, keepalive = false) => {
      const path = `${BASE}/fields/${encodeURIComponent(fieldId)}`;
      await http.json(path, { method: 'PUT', json: { value }, keepalive });
    },
    complete: async (sha256) => {
      await post('complete', { document_sha256: sha256, intent: true });
    },
    decline: async (reason) => {
      await post('decline', { reason });
    },
    // The digest in the address keeps a cached picture of an earlier revision from being shown for this one.
    pageImage: (page, width, sha256, signal) =>
      http.blob(`${BASE}/pages/${String(page)}.png?w=${String(width)}&d=${sha256.slice(0, 16)}`, { signal }),
    pageText: async (page) => (await http.json(`${BASE}/pages/${String(page)}.json`)) as PageText,
    document: () => file('document'),
    copy: () => file('copy'),
  };
}
