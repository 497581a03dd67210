import {
  type BagTable,
  END_OF_TABLE,
  type Pid,
  receiveResponse,
  type Request,
  type RequestId,
  type ResponseResult,
  type Self,
  sendRequest,
  type Table,
  type TableObject,
  type TableTransfer,
} from "@krarup/core";
import { describe, expectTypeOf, it } from "vitest";

interface Page {
  readonly title: string;
  readonly hits: number;
}

declare const pages: Table<string, Page>;
declare const counts: Table<readonly [string, number], number>;
declare const tags: BagTable<string, "red" | "green">;

describe("a table", () => {
  it("returns what it is made for", () => {
    expectTypeOf(pages.lookup("a")).toEqualTypeOf<Page | undefined>();
    expectTypeOf(pages.lookupElement("a")).toEqualTypeOf<Page>();
    expectTypeOf(pages.first()).toEqualTypeOf<string | typeof END_OF_TABLE>();
    expectTypeOf(pages.tab2list()).toEqualTypeOf<TableObject<string, Page>[]>();
    expectTypeOf(tags.lookup("a")).toEqualTypeOf<("red" | "green")[]>();
  });

  it("takes nothing else", () => {
    // @ts-expect-error a number is no page
    pages.insert("a", 1);
    // @ts-expect-error a number is no key
    pages.lookup(1);
    // @ts-expect-error blue is no tag
    tags.insert("a", "blue");
    // @ts-expect-error no page has a text for hits
    pages.matchObject({ value: { hits: "many" } });
    pages.matchObject({ value: { hits: 1 } });
  });

  it("counts in fields that are numbers only", () => {
    pages.updateCounter("a", { field: "hits", by: 1 });
    // @ts-expect-error a title is no number
    pages.updateCounter("a", { field: "title", by: 1 });
    counts.updateCounter(["a", 1], 1);
    // @ts-expect-error a number has no field to count in
    counts.updateCounter(["a", 1], { field: "hits", by: 1 });
  });

  it("of more is not one of less, nor the other way round: it is read and written", () => {
    expectTypeOf<Table<string, Page>>().not.toExtend<Table<string, Page | undefined>>();
    expectTypeOf<Table<string, Page | undefined>>().not.toExtend<Table<string, Page>>();
  });

  it("arrives typed with its transfer", () => {
    function* body(self: Self<TableTransfer<Table<string, Page>> | { readonly type: "other" }>) {
      const { table } = yield* self.receive({ type: "ETS-TRANSFER" });
      expectTypeOf(table).toEqualTypeOf<Table<string, Page>>();
    }
    expectTypeOf(body).toBeFunction();
  });
});

describe("a request", () => {
  it("knows the reply that its server gives", () => {
    const server = {} as Pid<Request<number, string>>; // never sent to
    expectTypeOf(sendRequest(server, 1)).toEqualTypeOf<RequestId<string>>();
    // @ts-expect-error the server understands numbers
    sendRequest(server, "one");
    const id = {} as RequestId<string>; // never waited for
    function* body() {
      expectTypeOf(yield* receiveResponse(id)).toEqualTypeOf<ResponseResult<string> | { readonly type: "timeout" }>();
      const result = yield* receiveResponse(new Map([[id, 7]]), 100);
      if (result.type === "reply")
        expectTypeOf([result.reply, result.label] as const).toEqualTypeOf<readonly [string, number]>();
    }
    expectTypeOf(body).toBeFunction();
  });
});
