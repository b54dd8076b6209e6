import { useEffect, useState, type RefObject } from 'react';

export interface VisiblePages {
  readonly visible: readonly number[];
  /** The page that fills most of the view. */
  readonly current: number;
}

const STEPS = [0, 0.1, 0.25, 0.5, 0.75, 1];

/** Which sheets of the desk can be seen. */
export function useVisiblePages(desk: RefObject<HTMLElement | null>, pages: number): VisiblePages {
  const [state, setState] = useState<VisiblePages>({ visible: [], current: 1 });
  useEffect(() => {
    const root = desk.current;
    if (!root) return undefined;
    const heights = new Map<number, number>();
    const watch = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          const page = Number((entry.target as HTMLElement).dataset['page']);
          if (entry.isIntersecting) heights.set(page, entry.intersectionRect.height);
          else heights.delete(page);
        }
        const visible = [...heights.keys()].sort((a, b) => a - b);
        const largest = [...heights].sort(([, a], [, b]) => b - a)[0];
        setState((before) => ({ visible, current: largest?.[0] ?? before.current }));
      },
      { root, threshold: STEPS },
    );
    for (const sheet of root.querySelectorAll('[data-page]')) watch.observe(sheet);
    return () => {
      watch.disconnect();
    };
  }, [desk, pages]);
  return state;
}
