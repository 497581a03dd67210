// The door for sister packages. It promises nothing: its names may change in any release.

export { setOutside } from "./outside/outside.ts";
export type { Outside } from "./outside/outside.ts";
export type { Datagrams, DatagramSettings } from "./outside/datagrams.ts";
export type { Names, QuerySettings } from "./outside/names.ts";
export type { Details } from "./port/details.ts";
export type { ChildCommand, Children } from "./outside/children.ts";
export type { Handle, Handles } from "./outside/handles.ts";
export type { Stdio, StdioSettings } from "./outside/stdio.ts";
export { ChangeQueue } from "./outside/change-queue.ts";
export type { Watches, WatchSettings } from "./outside/watches.ts";
export type { Paths } from "./outside/paths.ts";
export { codeOf, systemCodeOf } from "./port/port-error.ts";
export type { Files } from "./outside/files.ts";
export type { ListenerSettings, Listening, SocketSettings, Streams } from "./outside/streams.ts";
export { clientSecurity, serverSecurity, tlsInfoOf } from "./outside/tls-security.ts";
export type { Driver, DriverState, Held, Settled } from "./port/driver.ts";
export { type Attempt, openPort, type OpenOptions } from "./port/open-port.ts";
export { ByteQueue } from "./port/byte-queue.ts";
export { type Address, showAddress } from "./net/address.ts";
export type { Exchange, ExchangeListener, BodyPart, Http, HttpServerSettings, HttpServing } from "./outside/http.ts";
export type { RequestHead, ResponseHead } from "./outside/http.ts";
export type { AnswerHead, HttpAnswering, HttpAsking, HttpClient } from "./outside/http-client.ts";
export type { AcceptSettings, ConnectSettings } from "./outside/web-socket-driver.ts";
export type { CloseFrame, WebSocketSettings } from "./websocket/web-socket.ts";
export {
  CLIENT_CONNECTIONS_MAX,
  HEADER_BYTES_MAX,
  KEEP_ALIVE_TIMEOUT_MS,
  LINGER_MS,
  PIPELINE_MAX,
} from "./http/limits.ts";
export { ACCEPT_QUEUE_MAX, FLUSH_MS, HANDSHAKE_TIMEOUT_MS } from "./port/limits.ts";
export type { Performed, Threads } from "./outside/threads.ts";
export type { Job } from "./thread/thread.ts";
