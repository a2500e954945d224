/** What the picture is of, by its own header: the fields above it say what the next one will be of. */
import { useStore } from "../store/store.ts";
import { useFrame } from "./use-frame.ts";

export function Caption() {
  const frame = useFrame();
  const heat = useStore((state) => state.heat);
  const layers = useStore((state) => state.library.models.find(({ id }) => id === state.model)?.layers ?? 0);
  const shown = useStore((state) => {
    const model = state.answers[frame?.header.stream ?? ""]?.model ?? null;
    return state.library.models.find(({ id }) => id === model)?.name ?? model;
  });
  const side = useStore((state) => sideOf(state.compare, frame?.header.stream));
  if (frame === null) return null;
  const { header } = frame;
  const wanted = heat.layer === null ? layers : 1;
  const other = header.site !== heat.site || header.layers.length !== wanted || (heat.layer !== null && header.layers[0] !== heat.layer);
  const parts = [
    header.site ?? "",
    layersText(header.layers),
    `token ${header.firstToken}`,
    ...(shown === null ? [] : [shown]),
    ...(side === null ? [] : [side]),
  ];
  return (
    <p class="heat-caption">
      <span>{parts.join(" · ")}</span>
      {other && <span class="hint"> The next answer shows what is chosen above.</span>}
    </p>
  );
}

function layersText(layers: readonly number[]): string {
  return layers.length === 1 ? `layer ${layers[0]}` : `${layers.length} layers`;
}

function sideOf(
  { steered, plain }: { readonly steered: string | null; readonly plain: string | null },
  stream: string | undefined,
): string | null {
  if (stream === undefined) return null;
  return stream === steered ? "steered side of the comparison" : stream === plain ? "plain side of the comparison" : null;
}
