/** Which artifact's reading tints the tokens of the next answers. */
import { useApp, useStore } from "../store/store.ts";

export function ProbePicker() {
  const { store } = useApp();
  const probe = useStore((state) => state.probe);
  const artifacts = useStore((state) => state.library.artifacts);
  const fingerprint = useStore((state) => state.library.models.find(({ id }) => id === state.model)?.fingerprint);
  const missing = probe !== null && !artifacts.some(({ id }) => id === probe);
  return (
    <label class="probe-picker" title="Tints each token by how far it lies along a direction">
      <span>Tint by</span>
      <select
        value={probe ?? ""}
        onChange={({ currentTarget: { value } }) => store.dispatch({ type: "probe", probe: value === "" ? null : value })}
      >
        <option value="">none</option>
        {missing && <option value={probe}>{probe} (gone)</option>}
        {artifacts.map(({ id, title, model }) => {
          const other = model.fingerprint !== null && fingerprint !== undefined && model.fingerprint !== fingerprint;
          return (
            <option key={id} value={id} disabled={other && id !== probe}>
              {title === "" ? id : title}
              {other ? " (another model’s)" : ""}
            </option>
          );
        })}
      </select>
    </label>
  );
}
