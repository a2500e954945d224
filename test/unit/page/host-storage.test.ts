/** The browser's storage as the page's host gives it, also where a browser refuses it. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { browserStorage } from "../../../webview-ui/host/browser-storage.ts";

describe("page: the host's storage", () => {
  it("lasts as long as the page where the browser has switched it off", () => {
    const storage = browserStorage(() => {
      throw new DOMException("switched off", "SecurityError");
    });
    assert.deepEqual([storage.keys(), storage.get("a")], [[], null]);
    storage.set("a", "text");
    assert.deepEqual([storage.keys(), storage.get("a")], [["a"], "text"]);
    storage.remove("a");
    assert.deepEqual([storage.keys(), storage.get("a")], [[], null]);
  });
});
