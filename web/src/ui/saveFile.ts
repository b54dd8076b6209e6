/** Hands a file to the person under a name, without it ever having an address on the server. */
export function saveFile(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads the blob after the click has returned.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 60_000);
}

/** A title as a file name every system takes. */
export function fileNameFor(title: string, extension: string): string {
  const stem = title
    .normalize('NFC')
    .replace(/[\p{Cc}\\/:*?"<>|]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 80)
    .trim();
  const bare = stem.replace(new RegExp(`\\.${extension}$`, 'i'), '');
  return `${bare === '' ? 'document' : bare}.${extension}`;
}
