/** What passes between the page in a webview and the daemon, and what does not. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { TransportEvents } from "../../../daemon/client/transport.ts";
import { type EditorMessage, PageMessageSchema } from "../../../daemon/protocol/webview.ts";
import { Relay } from "../../../extension/chat/relay.ts";

/** A relay between two recordings. */
function joined() {
  const toPage: EditorMessage[] = [];
  const toDaemon: string[] = [];
  const log: string[] = [];
  let events!: TransportEvents;
  const relay = new Relay(
    (given) => {
      events = given;
      return { send: (text) => toDaemon.push(text), close: () => given.close("closed"), abandon: () => undefined };
    },
    (message) => toPage.push(message),
    (line) => log.push(line),
  );
  relay.open(1);
  events.open();
  return { relay, toPage, toDaemon, log, daemon: events };
}

const call = (method: string, id = 1) => JSON.stringify({ jsonrpc: "2.0", id, method, params: {} });

describe("extension: the relay", () => {
  it("passes calls of the protocol and nothing else", () => {
    const { relay, toDaemon, log } = joined();
    for (const text of [
      call("model.list"),
      "no JSON",
      call("daemon.fly"),
      call("toString"),
      '{"jsonrpc":"2.0","method":"model.list","evil":1}',
    ])
      relay.send(1, text);
    relay.send(2, call("model.list"));
    assert.deepEqual(toDaemon, [call("model.list")]);
    assert.equal(log.length, 4);
  });

  it("gives the page an error in place of a result that the protocol does not know, and drops such notifications", () => {
    const { relay, toPage, log, daemon } = joined();
    relay.send(1, call("preset.list", 7));
    daemon.text(JSON.stringify({ jsonrpc: "2.0", id: 7, result: { presets: [] } }));
    relay.send(1, call("preset.list", 8));
    daemon.text(JSON.stringify({ jsonrpc: "2.0", id: 8, result: { presets: "many" } }));
    daemon.text(JSON.stringify({ jsonrpc: "2.0", method: "daemon.stopping", params: { reason: 5 } }));
    const texts = toPage.flatMap((message) => (message.kind === "text" ? [JSON.parse(message.text)] : []));
    assert.deepEqual(
      texts.map(({ id, error }) => [id, error === undefined]),
      [
        [7, true],
        [8, false],
      ],
    );
    assert.equal(log.length, 2);
  });

  it("ends what it had open with the page", () => {
    const { relay, toPage } = joined();
    relay.close(1);
    assert.deepEqual(toPage.at(-1), { kind: "closed", socket: 1, reason: "closed", refusal: null });
    relay.send(1, call("model.list"));
  });

  it("takes no message that is none", () => {
    for (const message of [null, {}, { kind: "keep", key: "../../x", text: "" }, { kind: "open", socket: 0 }, { kind: "ready", more: 1 }])
      assert.equal(PageMessageSchema.safeParse(message).success, false, JSON.stringify(message));
  });
});
