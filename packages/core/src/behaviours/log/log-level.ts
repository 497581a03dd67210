/** How serious something is, the most serious first. OTP's eight, which are syslog's. */
export const LOG_LEVELS = ["emergency", "alert", "critical", "error", "warning", "notice", "info", "debug"] as const;

/** How serious something is. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Which levels are let through: one and what is more serious, everything or nothing. */
export type LogThreshold = LogLevel | "all" | "none";

/** Whether `threshold` lets `level` through. */
export function letsThrough(threshold: LogThreshold, level: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) <= rankOf(threshold);
}

function rankOf(threshold: LogThreshold): number {
  if (threshold === "all") return LOG_LEVELS.length;
  return threshold === "none" ? -1 : LOG_LEVELS.indexOf(threshold);
}
