const PATHS = {
  alert: 'M12 8v5M12 16.5v.01M12 3.5 21.5 20h-19z',
  arrowRight: 'M5 12h14M13 6l6 6-6 6',
  bookOpen: 'M12 6.5C10 5 7 4.5 3.5 4.5v14c3.5 0 6.5.5 8.5 2 2-1.5 5-2 8.5-2v-14c-3.5 0-6.5.5-8.5 2zM12 6.5v14',
  calendar: 'M4 6.5h16v13H4zM4 10.5h16M8 4v4M16 4v4',
  check: 'M5 12.5 10 17.5 19.5 7',
  chevronDown: 'M6 9.5 12 15.5 18 9.5',
  clock: 'M12 7v5l3.5 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
  close: 'M6 6l12 12M18 6 6 18',
  copy: 'M9 9h11v11H9zM15 9V4H4v11h5',
  document: 'M6 3h8l5 5v13H6zM14 3v5h5M9 13h7M9 17h5',
  download: 'M12 4v11M7 10.5 12 15.5 17 10.5M4 20h16',
  globe: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3.5 12h17M12 3c2.5 2.5 3.5 5.5 3.5 9s-1 6.5-3.5 9c-2.5-2.5-3.5-5.5-3.5-9S9.5 5.5 12 3z',
  help: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .9-1 1.700M12 16.5v.01',
  list: 'M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  mail: 'M3.5 5.5h17v13h-17zM4 6l8 7 8-7',
  minus: 'M6 12h12',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  pages: 'M7 3h10v13H7zM4 7v14h10',
  pen: 'M4 20l1-4.5L16.5 4a2 2 0 0 1 3 0l.5.5a2 2 0 0 1 0 3L8.5 19 4 20zM14.5 6l3.5 3.5',
  plus: 'M12 6v12M6 12h12',
  print: 'M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z',
  shield: 'M12 3l8 3v5.5c0 5-3.5 8-8 9.5-4.5-1.5-8-4.5-8-9.5V6zM8.5 12l2.5 2.5L15.5 10',
  type: 'M5 7.5V5h14v2.5M12 5v14M9 19h6',
  undo: 'M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3',
  upload: 'M12 16V5M7 9.5 12 4.5 17 9.5M4 20h16',
  user: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5',
  wifiOff: 'M3 3l18 18M12 19.5v.01M8.5 15.5a5 5 0 0 1 6 -.5M5 12a10 10 0 0 1 4.5-2.600M19 12a10 10 0 0 0-5-2.800',
} as const;

export type IconName = keyof typeof PATHS;

/** Icons only repeat what the words beside them say, so assistive technology never hears them. */
export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) {
  const heavy = name === 'more' || name === 'list';
  return (
    <svg
      className="icon"
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth={heavy ? 2.25 : 1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
