import assert from "node:assert/strict";
import { ArtifactIdSchema, PresetIdSchema } from "../../daemon/protocol/preset.ts";

describe("names that become files", () => {
  it("are names on every system", () => {
    for (const id of ["joy", "a", "0", "joy.v2", "very-joyful_2", "console", "com", "com10", "nullable", "x".repeat(64)]) {
      assert.ok(PresetIdSchema.safeParse(id).success, id);
      assert.ok(ArtifactIdSchema.safeParse(`direction/${id}`).success, id);
    }
    for (const id of [
      "",
      ".",
      "..",
      "a.",
      "-a",
      ".a",
      "A",
      "a/b",
      "con",
      "nul",
      "aux.v2",
      "com1",
      "lpt9.x",
      "é",
      "a\0",
      "a\n",
      "x".repeat(65),
    ]) {
      assert.ok(!PresetIdSchema.safeParse(id).success, JSON.stringify(id));
      assert.ok(!ArtifactIdSchema.safeParse(`direction/${id}`).success, JSON.stringify(id));
    }
    for (const id of ["con/joy", "nul/x", "direction", "direction/", "direction/a/b", "Direction/a"])
      assert.ok(!ArtifactIdSchema.safeParse(id).success, id);
  });

  it("are read in time that their length allows", () => {
    for (const text of ["a".repeat(1_000_000), `${"a.".repeat(500_000)}!`, `direction/${"con/".repeat(250_000)}`])
      assert.ok(!PresetIdSchema.safeParse(text).success && !ArtifactIdSchema.safeParse(text).success);
  });
});
