import { explainReason, REDACTED_KEYS } from "@krarup/core";
import { describe, expect, it } from "vitest";
import { Redaction } from "../../../src/behaviours/log/log-redaction.ts";
import { crashOf, eventOf, textEvent } from "./logged-event.ts";

const redaction = new Redaction(REDACTED_KEYS);

describe("Redaction", () => {
  it("replaces values under telling keys, however they are spelled and however deep they are", () => {
    const fields = {
      user: "agner",
      PASSWORD: "x",
      headers: [{ "Set-Cookie": "y", accept: "z" }],
      map: new Map([["api_key", "k"]]),
    };
    expect(redaction.event(textEvent("login", "info", fields)).message).toMatchObject({
      fields: {
        user: "agner",
        PASSWORD: "[redacted]",
        headers: [{ "Set-Cookie": "[redacted]", accept: "z" }],
        map: new Map([["api_key", "[redacted]"]]),
      },
    });
  });

  it("leaves what has nothing to hide as it is", () => {
    const fields = { error: new Error("x"), list: [1, { two: 2 }] };
    const { message } = redaction.event(textEvent("hello", "info", fields));
    expect(message.type === "text" && message.fields).toBe(fields);
  });

  it("looks into the causes of errors, and tells of them as before", () => {
    const inner = new RangeError("inner", { cause: { token: "t", code: 7 } });
    const error = new TypeError("outer", { cause: inner });
    const { message } = redaction.event(eventOf({ type: "stray", error, pid: null }));
    const told = message.type === "stray" && message.error;
    expect(explainReason(told)).toBe(explainReason(error).replace('"t"', '"[redacted]"'));
    expect(explainReason(told)).toContain("[redacted]");
    const innocent = new Error("x", { cause: new Error("y") });
    expect(redaction.event(eventOf({ type: "stray", error: innocent, pid: null })).message).toMatchObject({
      error: innocent,
    });
  });

  it("comes to an end for a chain of a hundred causes, and for an error that is its own", () => {
    let chain: unknown = { token: "t" };
    for (let i = 0; i < 100; i++) chain = new Error(String(i), { cause: chain });
    const circular = new Error("round");
    circular.cause = { token: "t", inner: circular };
    const { message } = redaction.event(eventOf({ type: "text", text: "", fields: { chain, circular } }));
    let end: unknown = message.type === "text" && message.fields["chain"];
    while (end instanceof Error) end = end.cause;
    expect(end).toEqual({ token: "[redacted]" });
    expect(message).toMatchObject({ fields: { circular: { cause: { token: "[redacted]", inner: "[circular]" } } } });
  });

  it("looks into metadata", () => {
    const event = eventOf({ type: "text", text: "", fields: {} }, "info", { token: "t", request: 7 });
    expect(redaction.event(event).metadata).toMatchObject({ token: "[redacted]", request: 7, time: 0, node: "lab" });
  });

  it("looks into state, messages and reason of a crash", () => {
    const secret = { token: "t" };
    const report = crashOf(["timeout", secret], {
      state: secret,
      handling: [secret],
      waiting: [secret],
      label: secret,
    });
    const { message } = redaction.event(eventOf({ type: "crash", report, lines: [] }));
    expect(JSON.stringify(message)).not.toContain('"t"');
    expect(message).toMatchObject({ report: { state: { token: "[redacted]" }, entry: "mailer" } });
  });

  it("looks into the details of a report", () => {
    const report = { label: "no_handle_info", level: "warning", details: { message: { secret: 1 } } } as const;
    expect(redaction.event(eventOf({ type: "report", report })).message).toMatchObject({
      report: { details: { message: { secret: "[redacted]" } } },
    });
  });
});
