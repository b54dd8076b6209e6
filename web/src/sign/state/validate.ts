import type { Field, FieldValue } from '../../api/signing';
import { isFilled } from './fields';

export type FieldProblem =
  | { readonly kind: 'missing' }
  | { readonly kind: 'badPhone' }
  | { readonly kind: 'badDate' }
  | { readonly kind: 'refused'; readonly detail: string };

const PHONE = /^\+?[0-9][0-9 ().-]{4,24}$/;

function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** What is wrong with an entry when the person leaves it; the server has the last word. */
export function problemWith(field: Field, value: FieldValue): FieldProblem | null {
  if (!isFilled(value)) return field.required ? { kind: 'missing' } : null;
  if (typeof value !== 'string') return null;
  if (field.type === 'phone' && !PHONE.test(value.trim())) return { kind: 'badPhone' };
  if (field.type === 'date' && !isCalendarDate(value)) return { kind: 'badDate' };
  return null;
}
