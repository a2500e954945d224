/** The whole panel: what the preset is, its controls, and the gates under which they act. */
import type { PanelShown } from "../../daemon/protocol/panel.ts";
import type { PostPanel } from "../host/panel-channel.ts";
import { PanelSlider } from "./control.tsx";

interface Props {
  readonly shown: PanelShown;
  readonly post: PostPanel;
}

export function PresetPanel({ shown: { name, description, model, controls, gates, problems }, post }: Props) {
  return (
    <main class="preset-panel" id="main">
      <header class="row">
        <h1>{name}</h1>
        <button type="button" onClick={() => post({ kind: "apply" })} disabled={problems.length > 0}>
          Apply to the chat
        </button>
        <button type="button" class="quiet" onClick={() => post({ kind: "text" })}>
          Show the text
        </button>
      </header>
      {description !== "" && <p>{description}</p>}
      {model !== null && <p class="faint">For {model}</p>}
      {problems.length > 0 && (
        <section class="banner" role="alert" aria-label="Mistakes in the text">
          {problems.map((problem) => (
            <p key={problem}>{problem}</p>
          ))}
        </section>
      )}
      <section aria-label="Controls">
        {controls.length === 0 && <p class="faint">This preset has no controls yet: add them in its text.</p>}
        <ul class="sliders">
          {controls.map((control) => (
            <PanelSlider key={control.name} control={control} post={post} />
          ))}
        </ul>
      </section>
      {gates.length > 0 && (
        <section aria-labelledby="gates">
          <h2 id="gates">Acts only while</h2>
          <ul class="plain">
            {gates.map(({ probe, condition }) => (
              <li key={probe} class="row">
                <label class="field">
                  <span>{probe}</span>
                  <input
                    value={condition}
                    onChange={({ currentTarget }) => post({ kind: "set", path: ["when", probe], value: currentTarget.value })}
                  />
                </label>
                <button type="button" class="quiet" onClick={() => post({ kind: "set", path: ["when", probe], value: null })}>
                  Remove
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </main>
  );
}
