import type { Field, FieldValue, Session } from '../../api/signing';

export type Values = Readonly<Record<string, FieldValue>>;

/** The two kinds of field that hold a mark a person makes. */
export type MarkType = 'signature' | 'initials';

export function isMarkField(field: Field): field is Field & { type: MarkType } {
  return field.type === 'signature' || field.type === 'initials';
}

/** The server fills the day of signing itself, at the moment of signing. */
export function isAutomatic(field: Field): boolean {
  return field.type === 'datenow';
}

/** Fields this person can still change. */
export function isOpen(field: Field): boolean {
  return field.mine && !field.readonly && !isAutomatic(field);
}

export function isFilled(value: FieldValue | undefined): boolean {
  if (value === undefined || value === null || value === false) return false;
  return typeof value !== 'string' || value.trim() !== '';
}

/** What a field holds now: what was entered on this page, else what the server has. */
export function valueOf(field: Field, values: Values): FieldValue {
  return values[field.field_id] ?? (field.field_id in values ? null : field.value);
}

// Two fields whose tops differ by less than this share of the page stand on one line and are read left to right.
const SAME_LINE = 0.012;

/** Page by page, line by line, left to right. */
export function inReadingOrder(fields: readonly Field[]): Field[] {
  return [...fields].sort((a, b) => {
    if (a.page !== b.page) return a.page - b.page;
    const down = a.y + a.h / 2 - (b.y + b.h / 2);
    return Math.abs(down) > SAME_LINE ? down : a.x - b.x;
  });
}

export function myFields(session: Session): Field[] {
  return inReadingOrder(session.fields.filter((field) => field.mine));
}

export function openFields(session: Session): Field[] {
  return myFields(session).filter(isOpen);
}

/** Required fields that still need this person, in reading order. */
export function missingFields(session: Session, values: Values): Field[] {
  return openFields(session).filter((field) => field.required && !isFilled(valueOf(field, values)));
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly left: number;
}

export function progressOf(session: Session, values: Values): Progress {
  const total = openFields(session).filter((field) => field.required).length;
  const left = missingFields(session, values).length;
  return { done: total - left, total, left };
}

export function emptyOptional(session: Session, values: Values): number {
  return openFields(session).filter((f) => !f.required && !isFilled(valueOf(f, values))).length;
}
