/** The strongest neurons by name: the heatmap's form for screen readers, and the quickest to read for everyone. */
import { useEffect, useRef, useState } from "preact/hooks";
import { newestFrame, onFrame } from "./watch.ts";

const EVERY_MS = 200;
const ROWS = 8;

export function neuronName(layer: number, index: number): string {
  return `L${layer}·N${index}`;
}

export function Strongest() {
  const [rows, setRows] = useState(() => newestFrame()?.header.strongest ?? []);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => {
    const end = onFrame(() => {
      timer.current ??= setTimeout(() => {
        timer.current = null;
        setRows(newestFrame()?.header.strongest ?? []);
      }, EVERY_MS);
    });
    return () => {
      end();
      if (timer.current !== null) clearTimeout(timer.current);
    };
  }, []);
  if (rows.length === 0) return null;
  const largest = Math.max(...rows.map(({ value }) => Math.abs(value)), 1e-9);
  return (
    <table class="strongest">
      <caption class="hidden">Strongest neurons of the current token</caption>
      <thead class="hidden">
        <tr>
          <th scope="col">Neuron</th>
          <th scope="col">Value</th>
        </tr>
      </thead>
      <tbody>
        {rows.slice(0, ROWS).map(({ layer, index, value }) => (
          <tr key={neuronName(layer, index)}>
            <th scope="row">{neuronName(layer, index)}</th>
            <td class="number">{value.toFixed(2).replace("-", "−")}</td>
            <td class="bar" aria-hidden="true">
              <i data-sign={value < 0 ? "-" : "+"} style={{ width: `${(Math.abs(value) / largest) * 100}%` }} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
