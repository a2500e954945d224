/** A preset's panel in an editor: shows what stands in the text, and asks for changes of single entries. */
import { render } from "preact";
import { openPanelChannel } from "../host/panel-channel.ts";
import { themeSigns } from "../host/theme-signs.ts";
import { followTheme } from "../ui/theme.ts";
import { PresetPanel } from "./panel.tsx";

followTheme(themeSigns, () => "auto");
const post = openPanelChannel(({ shown }) => render(<PresetPanel shown={shown} post={post} />, document.getElementById("app")!));
post({ kind: "ready" });
