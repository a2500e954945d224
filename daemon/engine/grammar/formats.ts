/** Formats of strings as patterns. Where a standard allows more than people write, the pattern is the part that is written. */
const HOUR = "(?:[01]\\d|2[0-3])";
const MINUTE = "[0-5]\\d";
const DAYS_31 = "(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])";
const DAYS_30 = "(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)";
const FEBRUARY = "02-(?:0[1-9]|1\\d|2[0-8])";
/** divisible by 4 and not by 100, or by 400 */
const LEAP_YEAR = "(?:\\d{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)";
/** RFC 3339 */
const DATE = `(?:\\d{4}-(?:${DAYS_31}|${DAYS_30}|${FEBRUARY})|${LEAP_YEAR}-02-29)`;
const TIME = `${HOUR}:${MINUTE}:${MINUTE}(?:\\.\\d{1,9})?(?:Z|[+-]${HOUR}:${MINUTE})`;
const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4 = `(?:${OCTET}\\.){3}${OCTET}`;
const GROUP = "[0-9a-fA-F]{1,4}";
const IPV6 = [
  `(?:${GROUP}:){7}${GROUP}`,
  ...[1, 2, 3, 4, 5, 6].map((before) => `(?:${GROUP}:){${before}}(?::${GROUP}){1,${7 - before}}`),
  `:(?::${GROUP}){1,7}`,
  `(?:${GROUP}:){1,7}:`,
  "::",
].join("|");
const LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?";
const HOST = `${LABEL}(?:\\.${LABEL}){0,4}`;
const URI_TAIL = "(?:[a-zA-Z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*";
/** ISO 8601: years to days and hours to seconds, or weeks */
const CLOCK = "T(?:\\d{1,4}H(?:\\d{1,4}M(?:\\d{1,4}S)?)?|\\d{1,4}M(?:\\d{1,4}S)?|\\d{1,4}S)";
const CALENDAR = "(?:\\d{1,4}Y(?:\\d{1,4}M(?:\\d{1,4}D)?)?|\\d{1,4}M(?:\\d{1,4}D)?|\\d{1,4}D)";

export const FORMATS: Readonly<Record<string, string>> = {
  date: `^${DATE}$`,
  time: `^${TIME}$`,
  "date-time": `^${DATE}T${TIME}$`,
  duration: `^P(?:${CALENDAR}(?:${CLOCK})?|${CLOCK}|\\d{1,4}W)$`,
  uuid: "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
  email: `^[a-zA-Z0-9_+-]{1,32}(?:\\.[a-zA-Z0-9_+-]{1,32}){0,3}@${LABEL}(?:\\.${LABEL}){1,3}$`,
  hostname: `^${HOST}$`,
  ipv4: `^${IPV4}$`,
  ipv6: `^(?:${IPV6})$`,
  uri: `^[a-z][a-z0-9+.-]{0,15}://${HOST}(?::[1-9]\\d{0,3})?(?:/${URI_TAIL})?(?:\\?${URI_TAIL})?(?:#${URI_TAIL})?$`,
};
