/** Which of several questions or answers is shown, and the way to the next. */
export function Versions({ name, count, shown, onShow }: { name: string; count: number; shown: number; onShow: (shown: number) => void }) {
  return (
    <span class="versions number">
      <button type="button" class="quiet square" aria-label={`Earlier ${name}`} disabled={shown === 0} onClick={() => onShow(shown - 1)}>
        ‹
      </button>
      {shown + 1}/{count}
      <button
        type="button"
        class="quiet square"
        aria-label={`Later ${name}`}
        disabled={shown === count - 1}
        onClick={() => onShow(shown + 1)}
      >
        ›
      </button>
    </span>
  );
}
