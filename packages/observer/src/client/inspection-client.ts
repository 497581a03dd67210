// The observer's end of a connection.

import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import { InspectionError, isInspectionErrorCode } from "../errors.ts";
import { PROTOCOL_VERSION, TIMEOUT_MS } from "../limits.ts";
import type { Answer, NodeHello, OperationName, Operations } from "../protocol.ts";
import { encodeFrame } from "../wire/codec.ts";
import { FrameReader } from "../wire/frame-reader.ts";

/** How long a client waits. */
export interface ClientOptions {
  /** Milliseconds for the connection with its hello, and again for each answer; default 5,000. */
  readonly timeoutMs?: number;
}

/** What a node sends, as far as one can know before looking. The hello has proved that it speaks our version, which promises this. */
interface ReceivedFrame {
  readonly hello?: NodeHello;
  readonly id?: number;
  readonly rows?: readonly unknown[];
  readonly end?: Omit<Answer<unknown>, "rows">;
  readonly error?: { readonly code?: unknown; readonly message?: unknown; readonly hint?: unknown };
}

interface Pending {
  readonly rows: unknown[];
  readonly timer: NodeJS.Timeout;
  resolve(answer: Answer<unknown>): void;
  reject(error: InspectionError): void;
}

/**
 * Connects to the node whose socket is `endpoint`.
 *
 * @throws {@link InspectionError} `ERR_CONNECTION` when nobody listens there, `ERR_PROTOCOL` when the node speaks another version,
 * `ERR_TIMEOUT`, `ERR_FRAME` when it speaks something else
 */
export async function connect(endpoint: string, options: ClientOptions = {}): Promise<InspectionClient> {
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  const socket = createConnection(endpoint);
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(timeoutMs) });
  } catch (cause) {
    socket.destroy();
    throw notConnected(endpoint, timeoutMs, cause);
  }
  const client = new InspectionClient(socket, endpoint, timeoutMs);
  await client.greeted;
  return client;
}

/** A connection to one node. Made by {@link connect}. */
export class InspectionClient {
  readonly #socket: Socket;
  readonly #endpoint: string;
  readonly #timeoutMs: number;
  readonly #reader = new FrameReader();
  readonly #pending = new Map<number, Pending>();
  readonly #hello: PromiseWithResolvers<NodeHello> = Promise.withResolvers();
  #requests = 0;

  /** @internal */
  constructor(socket: Socket, endpoint: string, timeoutMs: number) {
    this.#socket = socket;
    this.#endpoint = endpoint;
    this.#timeoutMs = timeoutMs;
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    socket.on("error", () => undefined);
    socket.on("close", () =>
      this.#fail(
        new InspectionError("ERR_CONNECTION", `Cannot go on with ${endpoint} as the node closed the connection`, {
          hint: "krarup ls",
        }),
      ),
    );
    socket.write(encodeFrame({ hello: { protocol: PROTOCOL_VERSION } }));
    const timer = setTimeout(() => this.#fail(this.#timeout("a hello")), timeoutMs);
    void this.#hello.promise.then(
      () => clearTimeout(timer),
      () => clearTimeout(timer),
    );
  }

  /** What the node said of itself. */
  get greeted(): Promise<NodeHello> {
    return this.#hello.promise;
  }

  /**
   * Has the node perform `op`.
   *
   * @throws {@link InspectionError} what the node answered, `ERR_TIMEOUT`, or `ERR_CONNECTION` when the node ends the connection before it
   * has answered
   */
  request<Name extends OperationName>(
    op: Name,
    args: Operations[Name]["args"],
  ): Promise<Answer<Operations[Name]["row"]>> {
    const id = ++this.#requests;
    const { promise, resolve, reject } = Promise.withResolvers<Answer<unknown>>();
    const timer = setTimeout(() => this.#settle(id)?.reject(this.#timeout(`an answer to ${op}`)), this.#timeoutMs);
    this.#pending.set(id, { rows: [], timer, resolve, reject });
    this.#socket.write(encodeFrame({ id, op, args }));
    // A node of our protocol's version answers each operation with its rows.
    return promise as Promise<Answer<Operations[Name]["row"]>>;
  }

  /** Ends the connection. What is not answered yet fails with `ERR_CONNECTION`. */
  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    try {
      // Whatever it is: the fields are optional, and are looked at before they are used.
      for (const frame of this.#reader.read(chunk)) this.#take(Object(frame) as ReceivedFrame);
    } catch (error) {
      if (!(error instanceof InspectionError)) throw error;
      this.#fail(error);
    }
  }

  #take({ hello, id, rows, end, error }: ReceivedFrame): void {
    if (hello !== undefined) return this.#greet(hello);
    if (id === undefined) return this.#fail(received(error));
    if (rows !== undefined) this.#pending.get(id)?.rows.push(...rows);
    else if (end !== undefined) this.#finish(id, end);
    else this.#settle(id)?.reject(received(error));
  }

  #greet(hello: NodeHello): void {
    if (hello.protocol === PROTOCOL_VERSION) return this.#hello.resolve(hello);
    this.#fail(
      new InspectionError(
        "ERR_PROTOCOL",
        `Cannot speak with ${this.#endpoint} as this client speaks protocol ${PROTOCOL_VERSION} and the node ${hello.protocol}`,
        {
          hint: "use the krarup that is installed with the program: npx krarup in its directory",
          value: hello.protocol,
        },
      ),
    );
  }

  #finish(id: number, end: Omit<Answer<unknown>, "rows">): void {
    const pending = this.#settle(id);
    pending?.resolve({ ...end, rows: pending.rows });
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    clearTimeout(pending?.timer);
    return pending;
  }

  #fail(error: InspectionError): void {
    this.#hello.reject(error);
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(error);
    this.#socket.destroy();
  }

  #timeout(what: string): InspectionError {
    return timedOut(what, this.#endpoint, this.#timeoutMs);
  }
}

function notConnected(endpoint: string, timeoutMs: number, cause: unknown): InspectionError {
  if (cause instanceof Error && cause.name === "AbortError") return timedOut("a connection", endpoint, timeoutMs);
  const why = cause instanceof Error ? cause.message : "for an unknown reason";
  return new InspectionError("ERR_CONNECTION", `Cannot connect to ${endpoint}: ${why}`, {
    hint: "krarup ls",
    cause,
  });
}

function timedOut(what: string, endpoint: string, timeoutMs: number): InspectionError {
  return new InspectionError(
    "ERR_TIMEOUT",
    `Cannot wait longer for ${what} from ${endpoint}: ${timeoutMs} ms have passed`,
    {
      hint: "the program may be in a long computation: wait with --timeout 30s",
      value: timeoutMs,
    },
  );
}

function received(error: ReceivedFrame["error"]): InspectionError {
  const code = isInspectionErrorCode(error?.code) ? error.code : "ERR_INSPECTION_FAILED";
  const message = typeof error?.message === "string" ? error.message : "The node gave no answer that can be read";
  return new InspectionError(code, message, typeof error?.hint === "string" ? { hint: error.hint } : {});
}
