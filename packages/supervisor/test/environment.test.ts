import { KrarupError } from "@krarup/core";
import {
  application,
  EnvError,
  getAllEnv,
  getEnv,
  loadApplication,
  setEnv,
  type StandardSchemaV1,
  unloadApplication,
  unsetEnv,
} from "@krarup/supervisor";
import { describe, expect, it } from "vitest";
import { inside } from "./logged-application.ts";
import { Stage } from "./stage.ts";

const shop = application({ name: "shop", env: { port: 80, hosts: ["north"] }, start: () => ({}) });

/** Wants a port, and makes a number of it. */
const portSchema: StandardSchemaV1<unknown, { readonly port: number }> = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate(value) {
      // A test hands it an object.
      const port = Number((value as { port?: unknown }).port);
      if (Number.isInteger(port)) return { value: { port } };
      return { issues: [{ message: "Expected a number", path: ["port"] }] };
    },
  },
};

describe("the environment of an application", () => {
  it("is what it declares, once it is loaded", () => {
    inside(new Stage(), () => {
      expect([getEnv(shop, "port"), getEnv(shop, "port", 8080), getAllEnv("shop")]).toEqual([undefined, 8080, {}]);
      loadApplication(shop);
      expect([getEnv(shop, "port"), getEnv("shop", "nothing"), getEnv("shop", "nothing", "d")]).toEqual([
        80,
        undefined,
        "d",
      ]);
      unloadApplication(shop);
      expect(getEnv(shop, "port")).toBeUndefined();
    });
  });

  it("can be set and unset", () => {
    inside(new Stage(), () => {
      loadApplication(shop);
      setEnv(shop, "port", 81);
      expect(getAllEnv(shop)).toEqual({ port: 81, hosts: ["north"] });
      unsetEnv(shop, "port");
      expect(getAllEnv(shop)).toEqual({ hosts: ["north"] });
    });
  });

  it("gives way to the defaults where it was set before loading, unless it persists", () => {
    inside(new Stage(), () => {
      setEnv(shop, "port", 1);
      setEnv(shop, "hosts", ["south"], { persistent: true });
      setEnv("shop", "more", true);
      loadApplication(shop);
      expect(getAllEnv(shop)).toEqual({ port: 80, hosts: ["south"], more: true });
      unloadApplication(shop);
      loadApplication(shop);
      expect(getAllEnv(shop)).toEqual({ port: 80, hosts: ["south"] });
      unsetEnv(shop, "hosts", { persistent: true });
      unloadApplication(shop);
      loadApplication(shop);
      expect(getEnv(shop, "hosts")).toEqual(["north"]);
    });
  });

  it("is nobody's to change by changing what was read or set", () => {
    inside(new Stage(), () => {
      const hosts = ["south"];
      loadApplication(shop);
      setEnv(shop, "hosts", hosts);
      hosts.push("west");
      getEnv(shop, "hosts")?.push("east");
      expect(getEnv(shop, "hosts")).toEqual(["south"]);
      expect(() => setEnv("shop", "handler", () => 1)).toThrow(KrarupError);
    });
  });
});

describe("an envSchema", () => {
  const typed = application({ name: "typed", env: { port: "80" }, envSchema: portSchema, start: () => ({}) });

  it("makes the environment what it is", () => {
    inside(new Stage(), () => {
      loadApplication(typed);
      expect(getEnv(typed, "port")).toBe(80);
    });
  });

  it("refuses at the load and at each change, which then have not happened", () => {
    inside(new Stage(), () => {
      const bad = application({ name: "bad", envSchema: portSchema, start: () => ({}) });
      expect(() => loadApplication(bad)).toThrow(EnvError);
      expect(() => loadApplication(bad)).toThrow(
        "Cannot configure application bad as its envSchema refuses its environment: port: Expected a number",
      );
      loadApplication(typed);
      expect(() => setEnv("typed", "port", "http")).toThrow(EnvError);
      expect(() => unsetEnv("typed", "port")).toThrow(EnvError);
      expect(getEnv(typed, "port")).toBe(80);
    });
  });

  it("that answers by something else than a result is refused", () => {
    const wrong = application({
      name: "wrong",
      // The types would say so.
      envSchema: { "~standard": { version: 1, vendor: "test", validate: () => 7 as never } },
      start: () => ({}),
    });
    inside(new Stage(), () => expect(() => loadApplication(wrong)).toThrow("by no result"));
  });

  it("that answers by a promise is refused", () => {
    const validate = (): Promise<{ value: { port: number } }> => Promise.resolve({ value: { port: 1 } });
    const envSchema = { "~standard": { version: 1, vendor: "test", validate } } as const;
    const slow = application({ name: "slow", envSchema, start: () => ({}) });
    inside(new Stage(), () => expect(() => loadApplication(slow)).toThrow("by a promise, for which nobody can wait"));
  });
});
