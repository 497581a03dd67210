// The greeting by `node:http` alone, to measure beside it: `node examples/http/plain.ts 8081`.

import { createServer } from "node:http";

const TEXT = "Hello\n";

createServer((_request, response) => {
  response.writeHead(200, { "content-type": "text/plain; charset=utf-8", "content-length": TEXT.length });
  response.end(TEXT);
}).listen(Number(process.argv[2]), "127.0.0.1");
