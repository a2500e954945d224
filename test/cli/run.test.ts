import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { AnswerSchema } from "../../daemon/protocol/api/generate.ts";
import { Cli } from "../support/cli.ts";
import { connect } from "../support/rpc.ts";
import { makeSteeredHome, type SteeredHome } from "../support/steered-home.ts";

describe("cli: run", () => {
  let cli: Cli;
  let random: SteeredHome["model"];
  before(async () => {
    const { home, model } = await makeSteeredHome();
    cli = new Cli(home);
    random = model;
  });
  after(() => cli.dispose());
  const file = (name: string, text: string): string => {
    const path = join(cli.home.paths.home, name);
    writeFileSync(path, text);
    return path;
  };

  it("answers with the embedded model; --json has text, tokens, steered and stats", async () => {
    const answer = await cli.json(["run", "--prompt", "Hello", "--seed", "1", "--max-tokens", "12"]);
    assert.deepEqual(Object.keys(answer).slice(0, 4), ["text", "tokens", "steered", "stats"]);
    assert.equal(answer.tokens.map((token: { text: string }) => token.text).join(""), answer.text);
    for (const token of answer.tokens) {
      assert.deepEqual(Object.keys(token), ["id", "text", "logprob"]);
      assert.ok(Number.isInteger(token.id) && token.logprob <= 0);
    }
    assert.deepEqual(answer.steered, { steered: false, summary: "NOT steered: no steering was asked for", controls: [] });
    AnswerSchema.shape.stats.parse(answer.stats);
    const embedded = (await cli.json(["models"])).find((model: { embedded: boolean }) => model.embedded);
    assert.equal(answer.model, embedded.id);
    assert.equal(answer.stats.answerTokens, answer.tokens.length);
  });

  it("prints the text on stdout and what steered it on stderr; same seed, same text", async () => {
    const args = ["run", "--prompt", "How are you?", "--seed", "5", "--max-tokens", "12"];
    const [first, second] = [await cli.run(args), await cli.run(args)];
    assert.deepEqual([first.code, second.code], [0, 0]);
    assert.equal(first.stdout, second.stdout);
    assert.match(first.stdout, /\S[\s\S]*\n$/);
    assert.match(first.stderr, /^\[NOT steered: no steering was asked for;.*seed 5\]$/m);
    assert.equal((await cli.json(args)).text.trimEnd(), first.stdout.trimEnd());
  });

  it("--raw continues the text, --prompt - reads standard input, and both give what generate.complete gives", async () => {
    const base = ["--raw", "--temperature", "0", "--max-tokens", "6"];
    const given = await cli.json(["run", "--prompt", "Once upon a", ...base]);
    const piped = await cli.json(["run", "--prompt", "-", ...base], { input: "Once upon a" });
    assert.equal(piped.text, given.text);
    const chat = await cli.json(["run", "--prompt", "Once upon a", ...base.slice(1)]);
    assert.ok(chat.stats.promptTokens > given.stats.promptTokens, "the chat template adds tokens");
  });

  it("a preset and --set steer: the report says so, strength 0 equals plain, another strength differs", async () => {
    const base = ["run", "--model", random.id, "--raw", "--prompt", "abc", "--temperature", "0", "--max-tokens", "16"];
    const plain = await cli.json(base);
    const zero = await cli.json([...base, "--preset", "shift", "--set", "shift=0"]);
    const steered = await cli.json([...base, "--preset", "shift", "--set", "shift=8"]);
    assert.deepEqual([zero.steered.steered, zero.text], [false, plain.text]);
    assert.match(zero.steered.summary, /NOT steered/);
    assert.notEqual(steered.text, plain.text);
    assert.deepEqual(
      steered.steered.controls.map((control: { name: string; strength: number }) => [control.name, control.strength]),
      [["shift", 8]],
    );
    const direct = await cli.json([...base, "--set", "shift=8"]);
    assert.equal(direct.text, steered.text, "without a preset, a control is the direction of that name");
    assert.equal((await cli.json([...base, "--set", "direction/shift=8"])).text, steered.text);
  });

  it("says what was probably meant by the name of a preset, a control or a direction that is not there", async () => {
    const base = ["run", "--model", random.id, "--raw", "--prompt", "abc", "--max-tokens", "1"];
    const meant = async (...args: string[]): Promise<string> => (await cli.refused([...base, ...args])).suggestion;
    assert.match(await meant("--preset", "shiftt"), /^Did you mean 'shift'\? See/);
    assert.match(await meant("--preset", "joy"), /Did you mean direction\/joy\? `--set joy=1` steers by it/);
    assert.equal(await meant("--preset", "shift", "--set", "shfit=1"), "Did you mean 'shift'?");
    assert.match(await meant("--set", "shfit=1"), /^Did you mean 'shift'\? Give a preset/);
    assert.match((await cli.refused(["presets", "show", "joyfull"])).suggestion, /'joyful'/);
    assert.match((await cli.refused(["vector", "export", "direction/shif", "x"])).suggestion, /direction\/shift/);
  });

  it("passes on stop strings, grammars, JSON schemas and top log-probabilities", async () => {
    const base = ["run", "--raw", "--prompt", "Once upon a time", "--seed", "1"];
    const free = await cli.json([...base, "--max-tokens", "20"]);
    const word = free.text.trim().split(" ")[3];
    const stopped = await cli.json([...base, "--max-tokens", "20", "--stop", ` ${word}`]);
    assert.equal(stopped.reason, "stop-string");
    assert.ok(free.text.startsWith(stopped.text) && !stopped.text.includes(word));
    const yes = await cli.json([...base, "--max-tokens", "8", "--grammar", file("yes.gbnf", 'root ::= "yes" | "no"')]);
    assert.match(yes.text, /^(yes|no)$/);
    const schema = file(
      "schema.json",
      '{"type":"object","properties":{"n":{"type":"boolean"}},"required":["n"],"additionalProperties":false}',
    );
    const object = await cli.json([...base, "--max-tokens", "60", "--json-schema", schema]);
    assert.equal(typeof JSON.parse(object.text).n, "boolean");
    const top = await cli.json([...base, "--max-tokens", "2", "--top-logprobs", "3"]);
    assert.deepEqual(
      top.tokens.map((token: { top: unknown[] }) => token.top.length),
      [3, 3],
    );
    const wrong = await cli.refused([...base, "--json-schema", file("list.json", "[1]")]);
    assert.deepEqual([wrong.exit, wrong.field], [2, "json-schema"]);
    const bad = await cli.refused([...base, "--grammar", file("bad.gbnf", "root ::= (")]);
    assert.deepEqual([bad.exit, bad.field], [2, "grammar"], JSON.stringify(bad));
    assert.equal((await cli.refused([...base, "--grammar", "/none.gbnf"])).exit, 3);
  });

  it("Ctrl-C ends the answer cleanly: what was written is there, code 130, and the daemon goes on", async () => {
    // A random model ends its answers at random; this grammar has no end.
    const grammar = file("endless.gbnf", "root ::= [a-z] root");
    const args = ["run", "--model", random.id, "--raw", "--prompt", "abc", "--max-tokens", "8000", "--grammar", grammar];
    const text = cli.start(args);
    await text.until(/[a-z]{3}/);
    text.process.kill("SIGINT");
    const stopped = await text.ended;
    assert.equal(stopped.code, 130, stopped.stderr);
    assert.match(stopped.stdout, /^[a-z]+\n$/);
    assert.match(stopped.stderr, /^\[NOT steered[^\n]*; stopped; \d+ tokens/m);
    assert.doesNotMatch(stopped.stderr, /^\s+at /m);
    const json = cli.start([...args, "--json"]);
    while ((await cli.json(["status"])).answers.running === 0) assert.equal(json.process.exitCode, null, json.err());
    json.process.kill("SIGINT");
    const cut = await json.ended;
    assert.equal(cut.code, 130);
    const answer = JSON.parse(cut.stdout);
    assert.equal(answer.reason, "cancelled");
    assert.ok(answer.tokens.length < 8000);
    assert.deepEqual((await cli.json(["status"])).answers, { running: 0, queued: 0 });
  });

  it("an engine or a daemon that dies in mid-answer: what happened and what to do, below what was written", async () => {
    const grammar = file("endless.gbnf", "root ::= [a-z] root");
    const args = ["run", "--model", random.id, "--raw", "--prompt", "abc", "--max-tokens", "8000", "--grammar", grammar];
    const first = cli.start(args);
    await first.until(/[a-z]{3}/);
    const { url } = await cli.json(["status"]);
    const { token } = JSON.parse(readFileSync(cli.home.paths.lock, "utf8"));
    const client = await connect(url, { token });
    await client.call("model.unload", { model: random.id });
    await client.close();
    const unloaded = await first.ended;
    assert.notEqual(unloaded.code, 0);
    assert.match(unloaded.stdout, /^[a-z]+\n$/);
    assert.match(unloaded.stderr, /unloaded/);

    const second = cli.start(args);
    await second.until(/[a-z]{3}/);
    process.kill(cli.daemonPid!, "SIGKILL");
    const lost = await second.ended;
    assert.equal(lost.code, 5, lost.stderr);
    assert.match(lost.stdout, /^[a-z]+\n$/);
    assert.match(lost.stderr, /tiller: the connection was lost.*\n {2}The daemon ended/);
    assert.equal((await cli.run(["models"])).code, 0, "the next command replaces the lock of the daemon that is gone");
  });

  it("a strength outside the slider's range is refused by the range's own ends", async () => {
    const base = ["run", "--model", random.id, "--raw", "--prompt", "abc", "--max-tokens", "2", "--preset", "shift"];
    const error = await cli.refused([...base, "--set", "shift=9"]);
    assert.deepEqual([error.exit, error.code], [2, "out-of-range"], JSON.stringify(error));
    assert.match(error.message, /shift.*9 is outside -8 to 8/);
    assert.equal((await cli.json([...base, "--set", "shift=-8"])).steered.controls[0].strength, -8);
  });

  it("a pipe that closes early is the end, without a stack trace", async () => {
    for (const command of ['tiller run --raw --prompt "Once upon" --max-tokens 300 --json', "tiller presets show shift", "tiller --help"]) {
      const { code, stdout, stderr } = await cli.shell(`set -o pipefail; ${command} | head -c 1`).ended;
      assert.equal(code, 0, stderr);
      assert.equal(stdout.length, 1);
      assert.doesNotMatch(stderr, /EPIPE|^\s+at /m);
    }
  });

  it("says what is wrong: no such model, preset, control, file; a preset's direction of another model", async () => {
    const base = ["run", "--prompt", "hi"];
    const cases: [string[], number, string, RegExp, RegExp?][] = [
      [["--model", "nothing"], 3, "not-found", /there is no model 'nothing'/, /Models are/],
      [["--model", "./none.gguf"], 3, "not-found", /there is no file \.\/none\.gguf/],
      [["--preset", "nothing"], 3, "not-found", /there is no preset 'nothing'/, /tiller presets/],
      [["--preset", "../../etc/passwd"], 3, "not-found", /not the name of a preset/],
      [["--model", random.id, "--preset", "shift", "--set", "joi=1"], 3, "unknown-control", /unknown control 'joi'.*shift/],
      [["--set", "nothing=1"], 3, "unknown-control", /unknown control 'nothing'/, /direction\//],
      [["--preset", "shift"], 4, "wrong-model", /direction\/shift was found in another model/, /tiller vector make/],
    ];
    for (const [args, exit, code, message, suggestion = /(?:)/] of cases) {
      const error = await cli.refused([...base, ...args]);
      assert.deepEqual([error.exit, error.code], [exit, code], JSON.stringify(error));
      assert.match(error.message, message);
      assert.match(error.suggestion ?? "", suggestion);
    }
  });
});
