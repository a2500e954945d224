/** The text of an answer, rendered or token by token, as the page's setting has it. */
import type { Token } from "../../daemon/protocol/api/generate.ts";
import type { Look } from "../rendered/spans.ts";
import { useRendered } from "../rendered/use-rendered.ts";
import { RenderedText } from "../rendered/view.tsx";
import type { AnswerState } from "../store/state.ts";
import { useStore } from "../store/store.ts";
import { TokenText } from "./tokens.tsx";

interface Props extends Look {
  answer: AnswerState;
  /** null: they do not spell the text */
  tokens: readonly Token[] | null;
  label: string;
  /** far out of sight: its text is there, and nothing else of it yet */
  plain: boolean;
  onActive: (index: number | null) => void;
}

export function AnswerText(props: Props) {
  const view = useStore((state) => state.answersAs);
  if (props.plain) return <PlainText text={props.answer.text} />;
  return view === "rendered" ? <Rendered {...props} /> : <Tokens {...props} />;
}

function Tokens({ answer, tokens, label, onActive, plain: _, ...look }: Props) {
  if (tokens === null || tokens.length === 0) return <PlainText text={answer.text} />;
  return (
    <TokenText
      tokens={tokens}
      changes={answer.changes}
      label={`${label}, ${tokens.length} tokens; Enter looks at one, arrow keys walk through them`}
      onActive={onActive}
      {...look}
    />
  );
}

function Rendered(props: Props) {
  const { answer, tokens, label, onActive, scale, marked, active } = props;
  const { rendered, failed, again } = useRendered(answer.text, answer.phase !== "ended");
  if (rendered === null)
    return (
      <>
        <PlainText text={answer.text} />
        {failed && (
          <p class="hint" role="status">
            Shown as it was written: the part of the page that renders answers could not be loaded.{" "}
            <button type="button" onClick={again}>
              Load it again
            </button>
          </p>
        )}
      </>
    );
  return (
    <RenderedText
      rendered={rendered}
      tokens={tokens}
      changes={answer.changes}
      label={tokens === null || tokens.length === 0 ? label : `${label}, ${tokens.length} tokens; the right arrow key walks through them`}
      scale={scale}
      marked={marked}
      active={active}
      onActive={onActive}
    />
  );
}

function PlainText({ text }: { text: string }) {
  return (
    <div class="tokens" dir="auto">
      {text}
    </div>
  );
}
