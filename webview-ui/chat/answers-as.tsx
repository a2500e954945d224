/** The switch between answers as Markdown and answers token by token. */
import { useApp, useStore } from "../store/store.ts";

export function AnswersAs() {
  const { store } = useApp();
  const view = useStore((state) => state.answersAs);
  const other = view === "rendered" ? "tokens" : "rendered";
  return (
    <button
      type="button"
      class="quiet answers-as"
      aria-pressed={view === "tokens"}
      title={view === "tokens" ? "Answers token by token; press for Markdown" : "Answers as Markdown; press for the text, token by token"}
      onClick={() => store.dispatch({ type: "answers-as", view: other })}
    >
      Tokens
    </button>
  );
}
