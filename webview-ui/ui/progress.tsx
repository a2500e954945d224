/** A bar with a name, a part of a hundred, and an estimate. */
export function Progress({ label, fraction, note }: { label: string; fraction: number; note?: string }) {
  const percent = Math.round(fraction * 100);
  return (
    <div class="progress">
      <span class="progress-label">
        {label}
        <span class="number">
          {percent} %{note === undefined || note === "" ? "" : `, ${note}`}
        </span>
      </span>
      <progress aria-label={label} max={100} value={percent} />
    </div>
  );
}
