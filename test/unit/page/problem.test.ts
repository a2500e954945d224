/** What the page says of an error, and which button it offers: by the field at fault, not by the code alone. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { type ErrorCode, type ErrorDetail, TillerError } from "../../../daemon/protocol/errors.ts";
import { adviseToStart, problemOf, stoppingProblem } from "../../../webview-ui/link/problem.ts";

const of = (code: ErrorCode, message: string, detail: ErrorDetail = {}) => problemOf(new TillerError(code, message, detail));

describe("page: an error as something to do", () => {
  it("opens what holds the field at fault, and nothing else", () => {
    const cases: [ErrorCode, string, ErrorDetail, string | undefined][] = [
      ["invalid-params", "sampling.temperature: too big", { field: "sampling.temperature" }, "sampling"],
      ["invalid-params", "stop.0: too long", { field: "stop.0" }, "sampling"],
      ["invalid-params", "steering.rack.controls.joy.range: invalid", { field: "steering.rack.controls.joy.range" }, "open-sliders"],
      ["invalid-params", "the judge 'emotion' has no label 'glee'", { field: "params.by.judge.label" }, undefined],
      ["invalid-params", "uri: not a URL", { field: "uri" }, undefined],
      ["out-of-range", "controls.joy.layers: layer 99 does not exist", { field: "controls.joy.layers" }, "open-sliders"],
      ["out-of-range", "direction/joy has no direction at layer 99", { field: "layers" }, undefined],
      ["not-supported", "prompts: the judge 'mine' does not judge 'nl'", { field: "spec.prompts" }, undefined],
      ["not-found", "there is no judge 'glee'", { field: "spec.judge.id" }, undefined],
      ["not-found", "there is no preset 'glee'", { field: "preset" }, "reload-library"],
    ];
    for (const [code, message, detail, kind] of cases) assert.equal(of(code, message, detail).fix?.kind, kind, message);
  });

  it("offers another token only where the token is at fault, and says what the button does", () => {
    const scope = of("forbidden", "model.load needs the scope 'load', which this token does not have");
    assert.deepEqual(scope.fix, { kind: "sign-in", label: "Sign in with another token" });
    assert.deepEqual(of("unauthorised", "the token is not known").fix, scope.fix);
    const elsewhere: [ErrorCode, string, string][] = [
      ["forbidden", "uri: downloads come from https://huggingface.co only", "uri"],
      ["forbidden", "'joyful' belongs to the program and cannot be deleted", "id"],
      ["unauthorised", "judge mine: the environment variable KEY is not set", "judge.apiKeyEnv"],
    ];
    for (const [code, message, field] of elsewhere) assert.equal(of(code, message, { field }).fix, null, message);
  });

  it("speaks of layers where layers are wrong, of strengths where a strength is", () => {
    const layers = of("out-of-range", "controls.joy.layers: layer 99 does not exist", { field: "controls.joy.layers" });
    assert.deepEqual([layers.what, layers.next], ["There is no such layer", "Choose layers that the model has."]);
    const strength = of("out-of-range", "controls.joy.strength: 9 is outside -2 to 2", { field: "controls.joy.strength" });
    assert.equal(strength.what, "A strength is out of range");
  });

  it("shows no inner names", () => {
    assert.equal(of("invalid-params", "uri: not a URL", { field: "uri" }).why, "the address: not a URL");
    const layers = of("out-of-range", "controls.joy.layers: layer 99 does not exist", { field: "controls.joy.layers" });
    assert.equal(layers.why, "slider joy, layers: layer 99 does not exist");
    assert.equal(of("invalid-params", "sampling.topK: too small", { field: "sampling.topK" }).why, "top k: too small");
    // What has a colon for another reason stays as it is.
    const judge = "judge mine: the environment variable KEY is not set";
    assert.equal(of("unauthorised", judge, { field: "judge.apiKeyEnv" }).why, judge);
    assert.match(
      problemOf({ code: "disconnected", message: "the connection was lost before generate.chat was answered: x" }).why!,
      /daemon answered: x$/,
    );
  });

  it("tells a stop and a new start in words, as the place of the page would have it", () => {
    adviseToStart("Start the daemon again (`npm start`): a new start has a new token.");
    const { why, next } = stoppingProblem("SIGTERM");
    assert.equal(why, "it was asked to stop");
    assert.match(next!, /^Start the daemon again \(`npm start`\).*new token/);
    assert.equal(stoppingProblem("a client asked for it").why, "a client asked for it");
    assert.match(of("shutting-down", "the daemon is stopping").next!, /^Start the daemon again/);
  });
});
