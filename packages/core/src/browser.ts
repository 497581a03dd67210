// @krarup/core/browser: the platform of a browser by hand.

export { browserPlatform } from "./platforms/browser.ts";
