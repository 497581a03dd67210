import { application, type Application, getAllEnv, getEnv, setEnv, type StandardSchemaV1 } from "@krarup/supervisor";
import { expectTypeOf, it } from "vitest";

const shop = application({
  name: "shop",
  env: { port: 80, hosts: ["north"] },
  start: (_args, { env }) => {
    expectTypeOf(env).toEqualTypeOf<Readonly<{ port: number; hosts: string[] }>>();
    return {};
  },
});

declare const portSchema: StandardSchemaV1<unknown, { readonly port: number }>;

it("the environment has the types of its defaults", () => {
  expectTypeOf(shop).toEqualTypeOf<Application<{ port: number; hosts: string[] }>>();
  expectTypeOf(getEnv(shop, "port")).toEqualTypeOf<number | undefined>();
  expectTypeOf(getEnv(shop, "port", 8080)).toEqualTypeOf<number>();
  expectTypeOf(getAllEnv(shop)).toEqualTypeOf<Partial<{ port: number; hosts: string[] }>>();
});

it("or those of its schema, whatever the defaults are", () => {
  const typed = application({ name: "typed", env: { port: "80" }, envSchema: portSchema, start: () => ({}) });
  expectTypeOf(getEnv(typed, "port")).toEqualTypeOf<number | undefined>();
});

it("unknown keys and wrong values do not compile", () => {
  // @ts-expect-error there is no such key
  getEnv(shop, "prot");
  // @ts-expect-error a port is a number
  setEnv(shop, "port", "80");
});

it("of an application known by name nothing is known", () => {
  expectTypeOf(getEnv("shop", "port")).toEqualTypeOf<unknown>();
});

it("any application can be a dependency", () => {
  application({ name: "mall", applications: [shop, "bank"], start: () => ({}) });
});
