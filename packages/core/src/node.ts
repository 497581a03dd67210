// @krarup/core/node: the platform of Node.js by hand, for programs with several nodes.

export { nodePlatform } from "./platforms/node.ts";
