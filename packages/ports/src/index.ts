// The front door of @krarup/ports.

export {
  close,
  closeWrite,
  controllingProcess,
  portInfo,
  read,
  readExactly,
  readLine,
  setActive,
  textOf,
  write,
} from "./port/port.ts";
export type { TimeLimit } from "./port/port.ts";
export type {
  AnyPort,
  Closed,
  Data,
  ExitStatus,
  Failed,
  Passive,
  Port,
  PortInfo,
  PortMessage,
  PortRequest,
} from "./port/port-protocol.ts";
export type { Active } from "./port/active.ts";
export type { ByteFraming, Framing } from "./port/framing.ts";
export type { Plain, Value, ValueFraming, ValueOptions, Written } from "./port/value-framing.ts";
export { jsonLines } from "./codec/json-lines.ts";
export { msgpack } from "./codec/msgpack.ts";
export type { Packed } from "./codec/msgpack-reader.ts";
export type { PortOptions } from "./port/open-port.ts";
export { isPortError, orExit } from "./port/port-error.ts";
export type { PortError } from "./port/port-error.ts";

export { connect } from "./net/tcp.ts";
export type { ConnectOptions, SocketOptions } from "./net/tcp.ts";
export { startTls } from "./net/start-tls.ts";
export { tlsInfo } from "./net/tls.ts";
export type {
  ClientTls,
  PeerCertificate,
  Pem,
  ServerTls,
  StartTls,
  TlsIdentity,
  TlsInfo,
  TlsOptions,
} from "./net/tls.ts";
export type { Address } from "./net/address.ts";
export { accept, closeListener, listen, listenerInfo } from "./net/listener.ts";
export type { AnyListener, Listener, ListenerInfo, ListenerRequest, ListenOptions } from "./net/listener.ts";

export { lookup, resolve, reverse } from "./net/dns.ts";
export type { DnsRecords, LookupOptions, ResolveOptions } from "./net/dns.ts";
export { openUdp, sendTo, udpInfo } from "./net/udp.ts";
export type { Datagram, Membership, UdpInfo, UdpOptions, UdpSocket } from "./net/udp.ts";

export { spawnExecutable } from "./child/child.ts";
export type { ChildOptions } from "./child/child.ts";
export { openStdio } from "./stdio/stdio.ts";
export type { StdioOptions } from "./stdio/stdio.ts";
export { serverAddress, startTcpServer } from "./net/tcp-server.ts";
export type { TcpServerOptions } from "./net/tcp-server.ts";

export { appendFile, createFile, openFile, readFile, replaceFile, writeFile } from "./file/file.ts";
export type { CreateFileOptions, ReadFileOptions } from "./file/file.ts";
export { closeFile, datasync, diskFileInfo, openDiskFile, pread, pwrite, sync, truncate } from "./file/disk-file.ts";
export type { DiskFile, DiskFileMode, DiskFileRequest } from "./file/disk-file.ts";
export { copyFile, delDir, delDirR, deleteFile, listDir, makeDir, readFileInfo, renameFile } from "./file/paths.ts";
export type { FileInfo } from "./file/paths.ts";
export { watchDirectory } from "./file/watch-directory.ts";
export type { Change, WatchOptions } from "./file/watch-directory.ts";

export { packetsOf } from "./bridge/packets-of.ts";
export { readableStream, writableStream } from "./bridge/web-streams.ts";
export { nodeStream } from "./bridge/node-stream.ts";
export { openStream } from "./bridge/open-stream.ts";
export type { ByteSink, ByteSource, ByteStreams } from "./bridge/open-stream.ts";
export { openIterable } from "./bridge/open-iterable.ts";
export { openEvents } from "./bridge/open-events.ts";
export type { Emitter, EventOptions, Occurrence } from "./bridge/open-events.ts";

export { blocking, threadModule } from "./thread/blocking.ts";
export type { FunctionsOf, ThreadModule } from "./thread/blocking.ts";

export { httpServerInfo, startHttpServer } from "./http/http-server.ts";
export type { HttpServerOptions } from "./http/http-server.ts";
export type { HttpServerInfo } from "./http/http-listener.ts";
export type { HttpHandler } from "./http/handle-request.ts";
export type { HttpRequest } from "./http/http-request.ts";
export { json } from "./http/http-response.ts";
export type { BodyWriter, HttpHeaders, HttpResponse, WriteBody } from "./http/http-response.ts";
export { readBody, readBodyPart } from "./http/read-body.ts";
export type { ReadBodyOptions } from "./http/read-body.ts";
export { request, requestStream } from "./http/http-client.ts";
export type { HttpAnswer, HttpRequestOptions } from "./http/http-client.ts";
export { acceptWebSocket } from "./websocket/accept-web-socket.ts";
export type { AcceptWebSocketOptions } from "./websocket/accept-web-socket.ts";
export { connectWebSocket } from "./websocket/connect-web-socket.ts";
export type { ConnectWebSocketOptions } from "./websocket/connect-web-socket.ts";
export { closeWebSocket } from "./websocket/web-socket.ts";
export type { WebSocketMessage, WebSocketOptions, WebSocketPort } from "./websocket/web-socket.ts";
