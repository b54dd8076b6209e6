/** The box and its keyhole. */
export function Wordmark({ name }: { readonly name: string }) {
  return (
    <span className="wordmark">
      <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true" focusable="false">
        <rect className="wordmark-box" x="3" y="7" width="26" height="20" rx="5" />
        <path className="wordmark-lid" d="M3 15h26" />
        <path className="wordmark-key" d="M16 19.2v2.6" />
        <circle className="wordmark-hole" cx="16" cy="18.6" r="2.7" />
      </svg>
      <span className="wordmark-name">{name}</span>
    </span>
  );
}
