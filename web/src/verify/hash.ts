/** SHA-256 of a file, computed here; null where the browser offers no cryptography (pages without encryption). */
export async function sha256Of(file: Blob): Promise<string | null> {
  // Absent outside secure contexts, whatever the type says.
  const subtle = (globalThis.crypto as Partial<Crypto> | undefined)?.subtle;
  if (!subtle) return null;
  const digest = await subtle.digest('SHA-256', await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
