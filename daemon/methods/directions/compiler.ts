/** The part of the method that the compiler calls. */
import type { MethodCompiler } from "../../compiler/types.ts";
import { describe, directionProbe, opsOf, placesOf } from "./compile.ts";
import { control, type Settings } from "./settings.ts";

export const compiler = {
  kind: "direction",
  control,
  compile: (input) => ({ ops: opsOf(input) }),
  places: placesOf,
  describe,
  probe: directionProbe,
} satisfies MethodCompiler<Settings> as MethodCompiler & MethodCompiler<Settings>;
