import { createRoot } from 'react-dom/client';
import type { ReactNode } from 'react';

export function mount(page: ReactNode): void {
  const place = document.getElementById('app');
  if (place) createRoot(place).render(page);
}
