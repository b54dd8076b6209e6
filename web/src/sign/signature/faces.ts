/** The script faces a name can be typed in; the server draws with the same ones under these names. */
export const FACES = ['dancing-script', 'sacramento', 'great-vibes', 'caveat'] as const;
export type Face = (typeof FACES)[number];

export function isFace(name: string): name is Face {
  return (FACES as readonly string[]).includes(name);
}

/** "Ana María Ruiz" signs short as "AMR". */
export function initialsOf(name: string): string {
  return name
    .split(/[\s-]+/)
    .map((word) => Array.from(word)[0] ?? '')
    .filter((letter) => /\p{L}/u.test(letter))
    .slice(0, 4)
    .join('')
    .toUpperCase();
}
